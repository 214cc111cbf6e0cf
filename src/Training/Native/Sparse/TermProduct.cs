using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Sparse;

/// <summary>
/// A product whose left factor has many zeros: a row of the product is the sum of those rows of the right factor whose
/// factor is not zero. The bits are those of <see cref="MatrixProduct"/>.
/// </summary>
internal sealed unsafe class TermProduct : IDisposable
{
    // A part of so many rows of the right factor stays in the first-level cache, all parts together in the second.
    private const int Depth = PatternView.Word;
    private const int ColumnsTogether = 1_024;

    // Rows of the product whose terms are listed together.
    private const int RowsTogether = 128;

    private readonly ThreadTeam _team;
    private readonly SumPart[] _parts;
    private readonly int _step;
    private readonly int _together;
    private readonly TeamPlaces<Place> _places;
    private readonly ThreadTeam.TeamLoop _multiply;
    private Matrix _a;
    private Matrix _b;
    private Matrix _c;
    private volatile bool _isOther;

    /// <summary>Products of so many columns.</summary>
    /// <param name="columns">Columns of the right factor.</param>
    /// <param name="team">Who shares the work.</param>
    /// <param name="wide">Whether vectors of 512 bits are used.</param>
    public TermProduct(int columns, ThreadTeam team, bool wide)
    {
        (_team, _multiply) = (team, Multiply);
        _parts = TermSums.Split((int)FloatBuffer.RoundUp(columns), wide);
        _step = _parts[0].Length;
        _together = Math.Min(_parts.Length, (ColumnsTogether + _step - 1) / _step);
        _places = new(() => new(_together * Depth * _step));
    }

    /// <summary>Whether there are parts enough for all threads.</summary>
    public bool SuitsTeam => _team.Size == 1 || 2 * _team.Size <= _parts.Length;

    /// <summary>c = a b, as by <see cref="MatrixProduct"/>.</summary>
    /// <param name="a">The left factor, or the transpose of one with whole vectors in a row.</param>
    /// <param name="b">The right factor.</param>
    /// <param name="c">The product.</param>
    /// <returns>Whether the bits are those of the sums with zeros; if not, it is to be done with them.</returns>
    public bool Multiply(in Matrix a, in Matrix b, in Matrix c)
    {
        Debug.Assert(a.Rows == c.Rows && a.Columns == b.Rows && b.Columns == c.Columns && c.ColumnStride == 1,
            "Shapes do not fit.");
        (_a, _b, _c, _isOther) = (a, b, c, false);
        // Every part begins with the terms.
        _team.For(_parts.Length, (long)a.Rows * a.Columns * c.Columns / 2, _multiply, partsEach: 1);
        return !_isOther;
    }

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    private void Multiply(int member, int first, int end)
    {
        var place = _places[member];
        for (; first < end && !_isOther; first += _together)
        {
            var parts = _parts.AsSpan(first, Math.Min(_together, end - first));
            for (var k = 0; k < _a.Columns; k += Depth)
                Multiply(place, parts, k, Math.Min(Depth, _a.Columns - k));
        }
    }

    private void Multiply(Place place, ReadOnlySpan<SumPart> parts, int k, int depth)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            Fill(place.Panel.Pointer + ((long)i * Depth * _step), parts[i], k, depth);
            if (!ProductTerms.AreFinite(place.Panel.Pointer + ((long)i * Depth * _step), depth * _step))
                _isOther = true;
        }

        for (var row = 0; row < _a.Rows; row += RowsTogether)
        {
            var rows = Math.Min(RowsTogether, _a.Rows - row);
            List(place, row, rows, k, depth);
            for (var i = 0; i < parts.Length; i++)
            {
                var c = _c.Pointer + ((long)row * _c.RowStride) + parts[i].First;
                var panel = place.Panel.Pointer + ((long)i * Depth * _step);
                Add(place, parts[i], panel, c, rows, isFirst: k == 0, isLast: k + depth == _a.Columns);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(Place place, SumPart part, float* panel, float* c, int rows, bool isFirst, bool isLast)
    {
        var (stride, length) = ((nint)_c.RowStride, part.Length);
        for (var row = 0; row < rows; row++, c += stride)
        {
            if (isFirst)
            {
                for (var i = 0; i < length; i += FloatBuffer.Lane)
                    Vector512<float>.Zero.Store(c + i);
            }

            part.Add(place.TermsOf(row), place.Ends[row], panel, c);
            if (isLast && ProductTerms.HasNegativeZero(c, length))
                _isOther = true;
        }
    }

    private void List(Place place, int row, int rows, int k, int depth)
    {
        var a = _a.Pointer + ((long)row * _a.RowStride) + ((long)k * _a.ColumnStride);
        for (var i = 0; i < rows; i++)
            place.Ends[i] = place.TermsOf(i);
        if (_a.ColumnStride == 1)
        {
            for (var i = 0; i < rows; i++, a += _a.RowStride)
                place.Ends[i] = ProductTerms.Append(a, depth, _step, place.Ends[i]);
            return;
        }

        for (var i = 0; i < depth; i++, a += _a.ColumnStride)
            ProductTerms.AppendEach(a, rows, i * _step, place.Ends);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(float* panel, SumPart part, int k, int depth)
    {
        if (_b.ColumnStride != 1)
        {
            var present = Math.Min(part.Length, _b.Columns - part.First);
            var from = _b.Pointer + ((long)part.First * _b.ColumnStride) + k;
            MatrixPanel.CopyTransposed(from, _b.ColumnStride, depth, present, _step, panel);
            return;
        }

        var row = _b.Pointer + ((long)k * _b.RowStride) + part.First;
        for (var i = 0; i < depth; i++, row += _b.RowStride, panel += _step)
        {
            for (var column = 0; column < part.Length; column += FloatBuffer.Lane)
                Vector512.Load(row + column).Store(panel + column);
        }
    }

    /// <summary>What one thread works with: rows of the right factor, and the terms of rows of the product.</summary>
    private sealed class Place : IDisposable
    {
        private const int TermFloats = 2;

        private readonly FloatBuffer _terms = new(TermFloats * RowsTogether * Depth);

        public Place(int panel)
        {
            Panel = new(panel);
            Ends = (ProductTerm**)NativeMemory.Alloc(RowsTogether, (nuint)sizeof(ProductTerm*));
        }

        public FloatBuffer Panel { get; }

        public ProductTerm** Ends { get; }

        public ProductTerm* TermsOf(int row) => (ProductTerm*)_terms.Pointer + (row * Depth);

        public void Dispose()
        {
            Panel.Dispose();
            _terms.Dispose();
            NativeMemory.Free(Ends);
        }
    }
}
