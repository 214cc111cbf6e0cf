using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Training.Numerics;

/// <summary>
/// Which elements of a matrix of bytes are not zero, a bit each: products leave out the stretches of zeros of their
/// left factor. Not thread-safe.
/// </summary>
internal sealed unsafe class SparsityPattern : IDisposable
{
    private const int Word = PatternView.Word;
    private readonly int _columns;
    private readonly int _rowStride;
    private readonly int _columnStride;
    private ulong* _words;
    private ulong* _transposed;
    private int _rows;
    private bool _isTransposed;

    /// <summary>Room for <paramref name="rows"/> x <paramref name="columns"/> bits, zero at first.</summary>
    public SparsityPattern(int rows, int columns)
    {
        _columns = columns;
        (_rowStride, _columnStride) = (RoundUp(rows), RoundUp(columns));
        _words = Allocate((long)_rowStride * _columnStride / Word);
        _transposed = Allocate((long)_rowStride * _columnStride / Word);
    }

    /// <summary>Gives memory back that nobody disposed of.</summary>
    ~SparsityPattern() => Free();

    /// <summary>The pattern of the rows set last.</summary>
    public PatternView View => new(_words, _rowStride);

    /// <summary>The pattern of their transpose, worked out when it is first asked for.</summary>
    public PatternView Transposed
    {
        get
        {
            if (!_isTransposed)
                Transpose();
            return new(_transposed, _columnStride);
        }
    }

    /// <summary>Begins a matrix of so many rows.</summary>
    public void Begin(int rows)
    {
        (_rows, _isTransposed) = (rows, false);
        // Rows that an earlier matrix had are none of the transpose's depth.
        for (var word = 0; word < _columnStride / Word; word++)
            new Span<ulong>(_words + ((long)word * _rowStride) + rows, RoundUp(rows) - rows).Clear();
    }

    /// <summary>Sets one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(int row, ReadOnlySpan<byte> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_rows, nameof(row));
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, _columns);
        var target = _words + row;
        var column = 0;
        fixed (byte* value = values)
        {
            for (; column + Word <= _columns; column += Word, target += _rowStride)
                *target = NotZero(value + column);
            if (column == _columns)
                return;
            if (_columns > Word)
            {
                *target = NotZero(value + _columns - Word) >> (Word - (_columns - column));
                return;
            }

            var bits = 0UL;
            for (; column < _columns; column++)
                bits |= value[column] == 0 ? 0 : 1UL << column;
            *target = bits;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotZero(byte* values) =>
        ~Vector512.Equals(Vector512.Load(values), Vector512<byte>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transpose()
    {
        for (var row = 0; row < RoundUp(_rows); row += Word)
        {
            var target = _transposed + ((long)(row / Word) * _columnStride);
            for (var column = 0; column < _columnStride; column += Word)
                BitSquare.Transpose(_words + ((long)(column / Word) * _rowStride) + row, target + column);
        }

        _isTransposed = true;
    }

    private static int RoundUp(int count) => (count + Word - 1) / Word * Word;

    private static ulong* Allocate(long words)
    {
        const int CacheLine = 64;
        var bytes = (nuint)(words * sizeof(ulong));
        var memory = (ulong*)NativeMemory.AlignedAlloc(bytes, CacheLine);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_words);
        NativeMemory.AlignedFree(_transposed);
        _words = _transposed = null;
    }
}

/// <summary>The bits of a pattern as a product reads them; default: nothing is known to be zero.</summary>
/// <param name="words">
/// The word at w x stride + r has the bits of row r and the 64 columns from 64 w on.
/// </param>
/// <param name="stride">Words from 64 columns to the next.</param>
internal readonly unsafe struct PatternView(ulong* words, int stride)
{
    /// <summary>Columns in a word.</summary>
    public const int Word = 64;

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => words is null;

    /// <summary>The same from a column on, which is a multiple of <see cref="Word"/>.</summary>
    public PatternView From(int column) => new(words + ((long)(column / Word) * stride), stride);

    /// <summary>The same from a row on.</summary>
    public PatternView FromRow(int row) => new(words + row, stride);

    /// <summary>The columns of a word in which any of some rows is not zero.</summary>
    public ulong Any(int word, int row, int rows)
    {
        var bits = words + ((long)word * stride) + row;
        var any = 0UL;
        for (; rows > 0; rows--, bits++)
            any |= *bits;
        return any;
    }
}

/// <summary>
/// Transposes 64 x 64 bits by exchanging halves, then quarters, ... (Warren, Hacker's Delight, 7-3), eight words at a
/// time.
/// </summary>
internal static unsafe class BitSquare
{
    /// <summary>Bit c of word r becomes bit r of word c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(ulong* source, ulong* target)
    {
        Vector512<ulong> a = Vector512.Load(source), b = Vector512.Load(source + 8), c = Vector512.Load(source + 16),
            d = Vector512.Load(source + 24), e = Vector512.Load(source + 32), f = Vector512.Load(source + 40),
            g = Vector512.Load(source + 48), h = Vector512.Load(source + 56);
        Exchange(ref a, ref e, 32); Exchange(ref b, ref f, 32); Exchange(ref c, ref g, 32); Exchange(ref d, ref h, 32);
        Exchange(ref a, ref c, 16); Exchange(ref b, ref d, 16); Exchange(ref e, ref g, 16); Exchange(ref f, ref h, 16);
        Exchange(ref a, ref b, 8); Exchange(ref c, ref d, 8); Exchange(ref e, ref f, 8); Exchange(ref g, ref h, 8);
        Within(a).Store(target);
        Within(b).Store(target + 8);
        Within(c).Store(target + 16);
        Within(d).Store(target + 24);
        Within(e).Store(target + 32);
        Within(f).Store(target + 40);
        Within(g).Store(target + 48);
        Within(h).Store(target + 56);
    }

    /// <summary>The bits whose place has no <paramref name="distance"/> in it.</summary>
    private static ulong Low(int distance) => ulong.MaxValue / ((1UL << distance) + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange(ref Vector512<ulong> low, ref Vector512<ulong> high, int distance)
    {
        var keep = Vector512.Create(Low(distance));
        var (before, after) = (low, high);
        low = Vector512.ConditionalSelect(keep, before, after << distance);
        high = Vector512.ConditionalSelect(keep, before >> distance, after);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Within(Vector512<ulong> words)
    {
        words = Within(words, Vector512.Create(4UL, 5, 6, 7, 0, 1, 2, 3), 4);
        words = Within(words, Vector512.Create(2UL, 3, 0, 1, 6, 7, 4, 5), 2);
        return Within(words, Vector512.Create(1UL, 0, 3, 2, 5, 4, 7, 6), 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Within(Vector512<ulong> words, Vector512<ulong> partners, int distance)
    {
        var isHigh = Vector512.GreaterThan(Vector512<ulong>.Indices, partners);
        var others = Vector512.Shuffle(words, partners);
        var moved = Vector512.ConditionalSelect(isHigh, others >> distance, others << distance);
        var keep = Vector512.Create(Low(distance)) ^ isHigh;
        return Vector512.ConditionalSelect(keep, words, moved);
    }
}
