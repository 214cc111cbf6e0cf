using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Core.Randomness;

/// <summary>
/// A stream of random numbers named by a <see cref="StreamKey"/>. A stream is a sequence of 32-bit words; every method
/// says how many it takes, and <see cref="Position"/> jumps to any of them at no cost: nothing needs to be saved.
/// The bulk methods give the same bits as their single counterparts, on every processor. Not thread-safe.
/// </summary>
public sealed class RandomStream
{
    private const int BufferWords = 64;
    private const int ChunkWords = 1024;

    private readonly ulong _key;
    private readonly ulong _nonce;
    private readonly uint[] _buffer = new uint[BufferWords];
    private ulong _bufferStart = ulong.MaxValue;

    /// <summary>The stream of that name, at its start.</summary>
    public RandomStream(StreamKey key) => (_key, _nonce) = key.Derive();

    /// <summary>The next word to be taken, from 0; may be set.</summary>
    public ulong Position { get; set; }

    /// <summary>32 random bits; takes one word.</summary>
    public uint NextUInt32()
    {
        var start = Position & ~(BufferWords - 1UL);
        if (start != _bufferStart)
        {
            Philox4x32.Fill(_key, _nonce, start / Philox4x32.WordsPerBlock, _buffer);
            _bufferStart = start;
        }

        return _buffer[(int)(Position++ - start)];
    }

    /// <summary>64 random bits; takes two words, the low one first.</summary>
    public ulong NextUInt64()
    {
        ulong low = NextUInt32();
        return low | ((ulong)NextUInt32() << 32);
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53; takes two words.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1), a multiple of 2^-24; takes one word.</summary>
    public float NextFloat() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>Standard normal, within +-6.3; takes one word.</summary>
    public double NextNormal() => NormalQuantile.FromWord(NextUInt32());

    /// <summary>
    /// Uniform in [0, <paramref name="bound"/>), every value exactly as likely (Lemire, "Fast random integer generation
    /// in an interval", 2019); takes one word, seldom more.
    /// </summary>
    /// <param name="bound">At least 1.</param>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var range = (uint)bound;
        var product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            var threshold = (0u - range) % range;
            while ((uint)product < threshold)
                product = (ulong)NextUInt32() * range;
        }

        return (int)(product >> 32);
    }

    /// <summary>Uniform strictly between 0 and 1, so that no quantile or logarithm of it is infinite: an odd multiple
    /// of 2^-53. Takes two words.</summary>
    public double NextOpenDouble() => ((NextUInt64() >> 12) + 0.5) * (1.0 / (1L << 52));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>), without bias.</summary>
    public int NextInt(int low, int high)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(low, high);
        var range = (long)high - low;
        if (range > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(high), high, $"A range has at most {int.MaxValue} values.");
        return low + NextInt((int)range);
    }

    /// <summary>Puts the values into random order, every order as likely (Fisher and Yates, from the end).</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>
    /// Fills <paramref name="order"/> with 0, 1, ..., length - 1 in random order; nothing is allocated.
    /// </summary>
    public void FillPermutation(Span<int> order)
    {
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Shuffle(order);
    }

    /// <summary>Takes as many words as there are elements: <see cref="NextUInt32"/> in bulk.</summary>
    public void FillUInt32(Span<uint> words)
    {
        var head = (int)Math.Min((ulong)words.Length, (0UL - Position) % Philox4x32.WordsPerBlock);
        for (var i = 0; i < head; i++)
            words[i] = NextUInt32();
        var whole = (words.Length - head) / Philox4x32.WordsPerBlock * Philox4x32.WordsPerBlock;
        Philox4x32.Fill(_key, _nonce, Position / Philox4x32.WordsPerBlock, words.Slice(head, whole));
        Position += (ulong)whole;
        for (var i = head + whole; i < words.Length; i++)
            words[i] = NextUInt32();
    }

    /// <summary>
    /// low + u (high - low) for uniform u as from <see cref="NextFloat"/>, in single precision: within [low, high), or
    /// equal to high where that sum rounds up. Takes one word an element.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FillUniform(Span<float> values, float low, float high)
    {
        var range = high - low;
        var lows = Vector256.Create(low);
        var scales = Vector256.Create(1f / (1 << 24));
        var ranges = Vector256.Create(range);
        while (values.Length > 0)
        {
            var chunk = values[..Math.Min(values.Length, ChunkWords)];
            var words = MemoryMarshal.Cast<float, uint>(chunk);
            FillUInt32(words);
            ref var firstWord = ref MemoryMarshal.GetReference(words);
            ref var first = ref MemoryMarshal.GetReference(chunk);
            var i = 0;
            for (; i + Vector256<float>.Count <= chunk.Length; i += Vector256<float>.Count)
            {
                var bits = Vector256.LoadUnsafe(ref firstWord, (nuint)i) >>> 8;
                (lows + Vector256.ConvertToSingle(bits.AsInt32()) * scales * ranges).StoreUnsafe(ref first, (nuint)i);
            }

            for (; i < chunk.Length; i++)
                chunk[i] = low + (words[i] >> 8) * (1f / (1 << 24)) * range;
            values = values[chunk.Length..];
        }
    }

    /// <summary>
    /// Standard normal numbers: <see cref="NextNormal"/> in bulk, rounded to single precision. Takes one word an
    /// element.
    /// </summary>
    public void FillNormal(Span<float> values)
    {
        Span<uint> words = stackalloc uint[ChunkWords];
        while (values.Length > 0)
        {
            var chunk = words[..Math.Min(values.Length, ChunkWords)];
            FillUInt32(chunk);
            NormalQuantile.Transform(chunk, values);
            values = values[chunk.Length..];
        }
    }

    /// <summary>
    /// A mask for inverted dropout (Srivastava et al. 2014): 0 with probability <paramref name="rate"/>, otherwise
    /// 1 / (1 - rate). Takes one word an element: the element is 0 where the word is below rate x 2^32.
    /// </summary>
    /// <param name="mask">Receives the factors.</param>
    /// <param name="rate">In [0, 1).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FillDropoutMask(Span<float> mask, double rate)
    {
        if (!(rate >= 0 && rate < 1))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A dropout rate lies in [0, 1).");
        var threshold = (uint)(rate * 4294967296.0);
        var scale = (float)(1 / (1 - rate));
        var thresholds = Vector256.Create(threshold);
        var scales = Vector256.Create(scale);
        while (mask.Length > 0)
        {
            var chunk = mask[..Math.Min(mask.Length, ChunkWords)];
            var words = MemoryMarshal.Cast<float, uint>(chunk);
            FillUInt32(words);
            ref var firstWord = ref MemoryMarshal.GetReference(words);
            ref var first = ref MemoryMarshal.GetReference(chunk);
            var i = 0;
            for (; i + Vector256<float>.Count <= chunk.Length; i += Vector256<float>.Count)
            {
                var kept = Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref firstWord, (nuint)i), thresholds);
                (kept.AsSingle() & scales).StoreUnsafe(ref first, (nuint)i);
            }

            for (; i < chunk.Length; i++)
                chunk[i] = words[i] >= threshold ? scale : 0;
            mask = mask[chunk.Length..];
        }
    }
}
