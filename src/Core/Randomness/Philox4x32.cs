using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sweeps.Core.Randomness;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3" (SC 2011): block n is a function of (key, n), so any position is reached without going through the ones
/// before.
/// </summary>
internal static class Philox4x32
{
    /// <summary>32-bit words in a block.</summary>
    public const int WordsPerBlock = 4;

    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>
    /// Writes consecutive blocks. Block b is Philox of the 128-bit counter (b, <paramref name="nonce"/>), low words
    /// first, under <paramref name="key"/>; the words come in the order of the paper and of the Random123 library.
    /// </summary>
    /// <param name="key">The 64-bit key, low word first.</param>
    /// <param name="nonce">Upper half of the counter.</param>
    /// <param name="block">Lower half of the counter at the first block; wraps around.</param>
    /// <param name="words">Receives the words; the length is a multiple of 4.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(ulong key, ulong nonce, ulong block, Span<uint> words)
    {
        if (words.Length % WordsPerBlock != 0)
            throw new ArgumentException(
                $"Whole blocks of {WordsPerBlock} words only, not {words.Length} words.", nameof(words));
        var done = 0;
        if (Avx512F.IsSupported)
            done = FillVector512(key, nonce, block, words);
        else if (Avx2.IsSupported)
            done = FillVector256(key, nonce, block, words);
        FillScalar(key, nonce, block + (ulong)(done / WordsPerBlock), words[done..]);
    }

    /// <summary>The plain path; the vector paths give the same words.</summary>
    internal static void FillScalar(ulong key, ulong nonce, ulong block, Span<uint> words)
    {
        for (var i = 0; i < words.Length; i += WordsPerBlock, block++)
        {
            uint c0 = (uint)block, c1 = (uint)(block >> 32), c2 = (uint)nonce, c3 = (uint)(nonce >> 32);
            uint k0 = (uint)key, k1 = (uint)(key >> 32);
            for (var round = 0; round < Rounds; round++)
            {
                var product0 = (ulong)Multiplier0 * c0;
                var product1 = (ulong)Multiplier1 * c2;
                c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
                c1 = (uint)product1;
                c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
                c3 = (uint)product0;
                k0 += Weyl0;
                k1 += Weyl1;
            }

            words[i] = c0;
            words[i + 1] = c1;
            words[i + 2] = c2;
            words[i + 3] = c3;
        }
    }

    /// <summary>
    /// Four blocks at a time, one to a 64-bit lane, because the widening multiplication reads the low half of each
    /// lane. The upper halves of c1 and c3 hold rubbish that no later step reads. Lanes hold blocks 0, 2, 1, 3: then
    /// the unpacking at the end, which works within 128 bits, leaves them in order.
    /// </summary>
    /// <returns>The number of words written: all whole groups of four blocks.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int FillVector256(ulong key, ulong nonce, ulong block, Span<uint> words)
    {
        const int Group = 4 * WordsPerBlock;
        var multiplier0 = Vector256.Create(Multiplier0);
        var multiplier1 = Vector256.Create(Multiplier1);
        var low = Vector256.Create(0xFFFFFFFFUL);
        ref var first = ref MemoryMarshal.GetReference(words);
        var lanes = Vector256.Create(block) + Vector256.Create(0UL, 2, 1, 3);
        var done = 0;
        for (; done + Group <= words.Length; done += Group, lanes += Vector256.Create(4UL))
        {
            Vector256<ulong> c0 = lanes, c1 = lanes >>> 32, c2 = Vector256.Create(nonce), c3 = c2 >>> 32;
            uint k0 = (uint)key, k1 = (uint)(key >> 32);
            for (var round = 0; round < Rounds; round++)
            {
                var product0 = Avx2.Multiply(c0.AsUInt32(), multiplier0);
                var product1 = Avx2.Multiply(c2.AsUInt32(), multiplier1);
                c0 = (product1 >>> 32) ^ c1 ^ Vector256.Create((ulong)k0);
                c1 = product1;
                c2 = (product0 >>> 32) ^ c3 ^ Vector256.Create((ulong)k1);
                c3 = product0;
                k0 += Weyl0;
                k1 += Weyl1;
            }

            var front = (c0 & low) | (c1 << 32);
            var back = (c2 & low) | (c3 << 32);
            Avx2.UnpackLow(front, back).AsUInt32().StoreUnsafe(ref first, (nuint)done);
            Avx2.UnpackHigh(front, back).AsUInt32().StoreUnsafe(ref first, (nuint)(done + 8));
        }

        return done;
    }

    /// <summary>As <see cref="FillVector256"/>, eight blocks at a time: lanes hold 0, 4, 1, 5, 2, 6, 3, 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int FillVector512(ulong key, ulong nonce, ulong block, Span<uint> words)
    {
        const int Group = 8 * WordsPerBlock;
        var multiplier0 = Vector512.Create(Multiplier0);
        var multiplier1 = Vector512.Create(Multiplier1);
        var low = Vector512.Create(0xFFFFFFFFUL);
        ref var first = ref MemoryMarshal.GetReference(words);
        var lanes = Vector512.Create(block) + Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7);
        var done = 0;
        for (; done + Group <= words.Length; done += Group, lanes += Vector512.Create(8UL))
        {
            Vector512<ulong> c0 = lanes, c1 = lanes >>> 32, c2 = Vector512.Create(nonce), c3 = c2 >>> 32;
            uint k0 = (uint)key, k1 = (uint)(key >> 32);
            for (var round = 0; round < Rounds; round++)
            {
                var product0 = Avx512F.Multiply(c0.AsUInt32(), multiplier0);
                var product1 = Avx512F.Multiply(c2.AsUInt32(), multiplier1);
                c0 = (product1 >>> 32) ^ c1 ^ Vector512.Create((ulong)k0);
                c1 = product1;
                c2 = (product0 >>> 32) ^ c3 ^ Vector512.Create((ulong)k1);
                c3 = product0;
                k0 += Weyl0;
                k1 += Weyl1;
            }

            var front = (c0 & low) | (c1 << 32);
            var back = (c2 & low) | (c3 << 32);
            Avx512F.UnpackLow(front, back).AsUInt32().StoreUnsafe(ref first, (nuint)done);
            Avx512F.UnpackHigh(front, back).AsUInt32().StoreUnsafe(ref first, (nuint)(done + 16));
        }

        return done;
    }
}
