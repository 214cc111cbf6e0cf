using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Sparse;

/// <summary>
/// The gradient of a convolution's kernels where most gradients of its outputs are zero, as below a max pool: for each
/// filter the sum over the places where its gradient is not zero, in their order, image after image. The bits are those
/// of the sum over all places (<see cref="WindowProduct.MultiplyTransposed"/>).
/// </summary>
internal sealed unsafe class SparseKernelGradient : IDisposable
{
    private readonly ConvShape _shape;
    private readonly ThreadTeam _team;
    private readonly SumPart[] _parts;
    private readonly TeamPlaces<Place> _places;
    private readonly FloatBuffer _sums;
    private readonly ThreadTeam.TeamLoop _multiply;
    private Matrix _images;
    private Matrix _gradient;

    /// <summary>Buffers for it.</summary>
    /// <param name="shape">Of a pixel before and after, the floats are whole vectors.</param>
    /// <param name="team">Who shares the work.</param>
    /// <param name="wide">Whether vectors of 512 bits are used.</param>
    public SparseKernelGradient(ConvShape shape, ThreadTeam team, bool wide)
    {
        (_shape, _team, _multiply) = (shape, team, Multiply);
        _parts = TermSums.Split(Segment, wide);
        _places = new(() => new(shape));
        _sums = new((long)shape.KernelSize * shape.Filters);
    }

    // Filters whose terms are listed together; threads share them.
    private int Together => _team.Size == 1 ? PatternView.Word : FloatBuffer.Lane;

    private int Segment => _shape.KernelWidth * _shape.Channels;

    /// <summary>Computes it.</summary>
    /// <param name="images">What was convolved; finite.</param>
    /// <param name="gradient">With respect to the outputs.</param>
    /// <param name="kernelGradients">Receives it, [kernel row, kernel column, channel] by filter.</param>
    /// <returns>Whether the bits are those of the sums with zeros; if not, it is to be done with them.</returns>
    public bool Compute(in Matrix images, in Matrix gradient, float* kernelGradients)
    {
        (_images, _gradient) = (images, gradient);
        _sums.Span.Clear();
        var groups = (_shape.Filters + Together - 1) / Together;
        // A part is a row of the kernels of a group, and begins with all images.
        _team.For(
            groups * _shape.KernelHeight, _shape.MultiplyAdds / 4 * gradient.Rows, _multiply, partsEach: 1);
        if (ProductTerms.HasNegativeZero(_sums.Pointer, _sums.Length))
            return false;
        for (var row = 0; row < _shape.KernelHeight; row++)
        {
            var place = (long)row * Segment * _shape.Filters;
            MatrixPanel.CopyTransposed(
                _sums.Pointer + place, Segment, Segment, _shape.Filters, _shape.Filters, kernelGradients + place);
        }

        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _places.Dispose();
        _sums.Dispose();
    }

    private void Multiply(int member, int first, int end)
    {
        var place = _places[member];
        while (first < end)
        {
            var (group, row) = Math.DivRem(first, _shape.KernelHeight);
            var rows = Math.Min(end - first, _shape.KernelHeight - row);
            var filters = Math.Min(Together, _shape.Filters - (group * Together));
            for (var image = 0; image < _images.Rows; image++)
            {
                var frame = place.Frame.Put(
                    _images.Pointer + ((long)image * _images.RowStride), _shape.Height, _shape.Width);
                place.List(_gradient.Pointer + ((long)image * _gradient.RowStride) + (group * Together), filters);
                for (var i = row; i < row + rows; i++)
                    Multiply(place, frame, group * Together, filters, i);
            }

            first += rows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(Place place, float* frame, int firstFilter, int filters, int kernelRow)
    {
        var row = frame + ((long)kernelRow * _shape.PaddedRow);
        foreach (var part in _parts)
        {
            var sums = _sums.Pointer + ((((long)kernelRow * _shape.Filters) + firstFilter) * Segment) + part.First;
            for (var filter = 0; filter < filters; filter++, sums += Segment)
            {
                var terms = place.TermsOf(filter);
                if (terms < place.Ends[filter])
                    part.Add(terms, place.Ends[filter], row + part.First, sums);
            }
        }
    }

    /// <summary>What one thread works with: an image with zeros around it, and the terms of each filter of a group.
    /// </summary>
    private sealed class Place : IDisposable
    {
        private const int TermFloats = 2;

        private readonly ConvShape _shape;
        private readonly FloatBuffer _terms;

        public Place(ConvShape shape)
        {
            _shape = shape;
            Frame = new(shape.Top, shape.Left, shape.PaddedHeight, shape.PaddedWidth, shape.Channels);
            _terms = new((long)TermFloats * Math.Min(PatternView.Word, shape.Filters) * shape.OutputPixels);
            Ends = (ProductTerm**)NativeMemory.Alloc(PatternView.Word, (nuint)sizeof(ProductTerm*));
        }

        public ImageFrame Frame { get; }

        public ProductTerm** Ends { get; }

        public ProductTerm* TermsOf(int filter) =>
            (ProductTerm*)_terms.Pointer + ((long)filter * _shape.OutputPixels);

        public void List(float* gradient, int filters)
        {
            for (var filter = 0; filter < filters; filter++)
                Ends[filter] = TermsOf(filter);
            for (var line = 0; line < _shape.OutputHeight; line++)
            {
                var offset = line * _shape.StrideHeight * _shape.PaddedRow;
                for (var column = 0; column < _shape.OutputWidth; column++, gradient += _shape.Filters)
                {
                    ProductTerms.AppendEach(gradient, filters, offset, Ends);
                    offset += _shape.StrideWidth * _shape.Channels;
                }
            }
        }

        public void Dispose()
        {
            Frame.Dispose();
            _terms.Dispose();
            NativeMemory.Free(Ends);
        }
    }
}
