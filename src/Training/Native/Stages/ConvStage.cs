using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// A convolution of stride 1 without bias and activation, image by image, as products of matrices whose left factor is
/// read where it lies: under a kernel, the pixels of an image row are one long row of floats. Kernels that cover few
/// floats of a row (the first layer's, on grey images) are laid out as patches first. The weights are [kernel size,
/// filters].
/// </summary>
internal sealed unsafe class ConvStage : Stage
{
    // Below this a tile would spend its time on its edges.
    private const int LeastSegment = 28;

    // Rows of the gradient of the weights that a thread takes at least.
    private const int PartRows = 12;

    private readonly ConvShape _shape;
    private readonly ThreadTeam _team;
    private readonly Place?[] _places = new Place?[ThreadTeam.Most];
    private readonly FloatBuffer _values;
    private readonly ConvInputGradient? _inputGradient;
    private readonly ThreadTeam.TeamLoop _forward;
    private readonly ThreadTeam.TeamLoop _weightGradients;
    private Matrix _input;
    private Matrix _gradient;

    /// <summary>Buffers for up to <paramref name="capacity"/> images.</summary>
    public ConvStage(ConvShape shape, int capacity, bool inputWanted, ThreadTeam team)
    {
        (_shape, _team, _forward, _weightGradients) = (shape, team, Forward, AddWeightGradients);
        _values = new((long)capacity * shape.OutputPixels * shape.Filters);
        _inputGradient = inputWanted ? new(shape, capacity, team) : null;
    }

    /// <summary>The weights, [kernel row, kernel column, channel] by filter.</summary>
    public required float* Weights { get; init; }

    /// <summary>Their gradient, laid out likewise.</summary>
    public required float* WeightGradients { get; init; }

    private int ValueStride => _shape.OutputPixels * _shape.Filters;

    private bool HasPatches => _shape.KernelWidth * _shape.Channels < LeastSegment;

    // Rows of the matrix of weights whose products lie side by side in an image: those of one row of the kernel.
    private int RowsTogether => HasPatches ? _shape.KernelSize : _shape.KernelWidth * _shape.Channels;

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        _input = input;
        _team.For(input.Rows, _shape.MultiplyAdds * input.Rows, _forward);
        return new(_values.Pointer, input.Rows, ValueStride, ValueStride);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        _gradient = gradient;
        var parts = (_shape.KernelSize + PartRows - 1) / PartRows;
        // Every part begins with all images.
        _team.For(parts, _shape.MultiplyAdds * gradient.Rows, _weightGradients, partsEach: 1);
        return inputWanted ? _inputGradient!.Compute(gradient, Weights) : default;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        foreach (var place in _places)
            place?.Dispose();
        _values.Dispose();
        _inputGradient?.Dispose();
    }

    private Place PlaceOf(int member) => _places[member] ??= new(_shape, HasPatches);

    private void Forward(int member, int first, int end)
    {
        var place = PlaceOf(member);
        var (rows, pixels, block) = HasPatches
            ? (1, _shape.OutputPixels, PatchBlock())
            : (_shape.OutputHeight, _shape.OutputWidth, RowBlock());
        for (var image = first; image < end; image++)
        {
            var source = Prepare(place, image);
            var values = _values.Pointer + ((long)image * ValueStride);
            for (var row = 0; row < rows; row++)
            {
                place.Tiles.Multiply(block, source, values, pixels, _shape.Filters, first: true);
                source += _shape.PaddedWidth * _shape.Channels;
                values += pixels * _shape.Filters;
            }
        }
    }

    /// <summary>Some rows of the gradient, each the sum over all images in their order.</summary>
    private void AddWeightGradients(int member, int first, int end)
    {
        var place = PlaceOf(member);
        for (var image = 0; image < _gradient.Rows; image++)
        {
            var source = Prepare(place, image);
            var gradient = _gradient.Pointer + ((long)image * _gradient.RowStride);
            var last = Math.Min(end * PartRows, _shape.KernelSize);
            for (var row = first * PartRows; row < last;)
            {
                var rows = Math.Min(last - row, RowsTogether - (row % RowsTogether));
                AddWeightGradient(place.Tiles, source, gradient, row, rows, first: image == 0);
                row += rows;
            }
        }
    }

    /// <summary>One output row: a pixel's factors are the kernel's rows, each a segment of the padded image.</summary>
    private MatrixBlock RowBlock() => new()
    {
        ARow = _shape.Channels,
        AColumn = 1,
        CRow = _shape.Filters,
        Panel = Weights,
        PanelWidth = _shape.Filters,
        Depth = _shape.KernelWidth * _shape.Channels,
        Segments = _shape.KernelHeight,
        ASegment = _shape.PaddedWidth * _shape.Channels,
    };

    private MatrixBlock PatchBlock() => new()
    {
        ARow = _shape.KernelSize,
        AColumn = 1,
        CRow = _shape.Filters,
        Panel = Weights,
        PanelWidth = _shape.Filters,
        Depth = _shape.KernelSize,
    };

    /// <summary>
    /// The sum over the image's pixels of what each weight was multiplied with times the gradient there, for rows of
    /// the weights that lie in one row of the kernel.
    /// </summary>
    private void AddWeightGradient(TileGrid tiles, float* source, float* gradient, int row, int rows, bool first)
    {
        var block = new MatrixBlock
        {
            ARow = 1,
            AColumn = HasPatches ? _shape.KernelSize : _shape.Channels,
            CRow = _shape.Filters,
            Panel = gradient,
            PanelWidth = _shape.Filters,
            Depth = HasPatches ? _shape.OutputPixels : _shape.OutputWidth,
            Segments = HasPatches ? 1 : _shape.OutputHeight,
            ASegment = _shape.PaddedWidth * _shape.Channels,
        };
        var (kernelRow, place) = (row / RowsTogether, row % RowsTogether);
        var factors = source + (kernelRow * block.ASegment) + place;
        tiles.Multiply(block, factors, WeightGradients + ((long)row * _shape.Filters), rows, _shape.Filters, first);
    }

    private float* Prepare(Place place, int image)
    {
        var pixels = _input.Pointer + ((long)image * _input.RowStride);
        if (place.Frame is not null)
            pixels = place.Frame.Put(pixels, _shape.Height, _shape.Width);
        if (place.Patches is null)
            return pixels;
        var length = _shape.KernelWidth * _shape.Channels;
        var patch = place.Patches.Pointer;
        for (var row = 0; row < _shape.OutputHeight; row++)
        {
            for (var column = 0; column < _shape.OutputWidth; column++)
            {
                var source = pixels + ((((long)row * _shape.PaddedWidth) + column) * _shape.Channels);
                for (var line = 0; line < _shape.KernelHeight; line++)
                {
                    for (var i = 0; i < length; i++)
                        patch[i] = source[i];
                    patch += length;
                    source += _shape.PaddedWidth * _shape.Channels;
                }
            }
        }

        return place.Patches.Pointer;
    }

    /// <summary>What one thread works with: an image with zeros around it, its patches, and tiles.</summary>
    private sealed class Place(ConvShape shape, bool hasPatches) : IDisposable
    {
        public ImageFrame? Frame { get; } = shape.IsPadded
            ? new(shape.Top, shape.Left, shape.PaddedHeight, shape.PaddedWidth, shape.Channels)
            : null;

        public FloatBuffer? Patches { get; } = hasPatches ? new((long)shape.OutputPixels * shape.KernelSize) : null;

        public TileGrid Tiles { get; } = new();

        public void Dispose()
        {
            Frame?.Dispose();
            Patches?.Dispose();
            Tiles.Dispose();
        }
    }
}
