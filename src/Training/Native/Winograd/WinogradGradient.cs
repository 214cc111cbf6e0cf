using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Winograd;

/// <summary>
/// The gradient of the kernels: for each of the sixteen places of a transformed tile the product of the transformed
/// inputs and gradients, summed over all tiles of all images in their order, and then back from sixteen places to nine.
/// </summary>
internal sealed unsafe class WinogradGradient : IDisposable
{
    // Tiles of one chain of multiply-adds; chains are added up. One long chain would round more than libtorch does.
    private const int Chain = 64;

    private readonly WinogradTiles _tiles;
    private readonly int _filters;
    private readonly ThreadTeam _team;
    private readonly TeamPlaces<Place> _places;
    private readonly FloatBuffer _sums;
    private readonly ThreadTeam.TeamLoop _transform;
    private readonly ThreadTeam.TeamLoop _multiply;
    private FloatBuffer _values = new(0);
    private FloatBuffer _gradients = new(0);
    private Matrix _images;
    private Matrix _after;
    private int _height;
    private int _width;
    private int _first;
    private int _count;

    /// <summary>Buffers for the products.</summary>
    /// <param name="tiles">How the images lie.</param>
    /// <param name="filters">Floats of a pixel after; whole vectors.</param>
    /// <param name="team">Who shares the work.</param>
    /// <param name="wide">Whether tiles of 512 bits are used.</param>
    public WinogradGradient(WinogradTiles tiles, int filters, ThreadTeam team, bool wide)
    {
        (_tiles, _filters, _team) = (tiles, filters, team);
        _places = new(() => new(tiles, wide));
        (_transform, _multiply) = (Transform, Multiply);
        _sums = new((long)WinogradTransforms.Places * tiles.Channels * filters);
    }

    /// <summary>Computes it.</summary>
    /// <param name="images">What was convolved.</param>
    /// <param name="height">Their rows.</param>
    /// <param name="width">Their columns.</param>
    /// <param name="after">The gradient with respect to the outputs.</param>
    /// <param name="kernelGradients">Receives nine matrices of channels x filters.</param>
    public void Compute(in Matrix images, int height, int width, in Matrix after, float* kernelGradients)
    {
        (_images, _after, _height, _width) = (images, after, height, width);
        // One thread works on few images, which stay in its cache; several wait for each other seldom.
        var together = _tiles.Together * (_team.Size == 1 ? 1 : ThreadTeam.PartsEach * _team.Size);
        Reserve(ref _values, together * _tiles.Channels);
        Reserve(ref _gradients, together * _filters);
        for (_first = 0; _first < images.Rows; _first += together)
        {
            _count = Math.Min(together, images.Rows - _first);
            long elements = WinogradTransforms.Places * _tiles.Count * _count;
            _team.For(_count, elements * (_tiles.Channels + _filters) * 2, _transform);
            _team.For(WinogradTransforms.Places, elements * _tiles.Channels * _filters, _multiply);
        }

        WinogradTransforms.KernelGradients(_sums.Pointer, _tiles.Channels * _filters, kernelGradients);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _places.Dispose();
        _sums.Dispose();
        _values.Dispose();
        _gradients.Dispose();
    }

    private void Reserve(ref FloatBuffer buffer, int each)
    {
        var length = (long)WinogradTransforms.Places * _tiles.Count * each;
        if (buffer.Length >= length)
            return;
        buffer.Dispose();
        buffer = new(length);
    }

    private void Transform(int member, int first, int end)
    {
        var place = _places[member];
        for (var image = first; image < end; image++)
        {
            var pixels = _images.Pointer + ((long)(_first + image) * _images.RowStride);
            var values = _values.Pointer + ((long)image * _tiles.Count * _tiles.Channels);
            _tiles.Transform(
                place.Frame.Put(pixels, _height, _width), values, (nint)_count * _tiles.Count * _tiles.Channels);
            TransformGradient(
                _after.Pointer + ((long)(_first + image) * _after.RowStride),
                _gradients.Pointer + ((long)image * _tiles.Count * _filters));
        }
    }

    private void TransformGradient(float* after, float* gradients)
    {
        var stride = (nint)_count * _tiles.Count * _filters;
        for (var row = 0; row < _tiles.Rows; row++)
        {
            var tile = after + ((long)2 * row * _tiles.Width * _filters);
            for (var column = 0; column < _tiles.Columns; column++, tile += 2 * _filters, gradients += _filters)
            {
                WinogradTransforms.OutputGradients(
                    tile, _tiles.Width * _filters, _tiles.RowsOf(row), _tiles.ColumnsOf(column), _filters, gradients,
                    stride);
            }
        }
    }

    private void Multiply(int member, int first, int end)
    {
        var place = _places[member];
        var (rows, unit) = (_count * _tiles.Count, _tiles.Together * _tiles.Count);
        for (var i = first; i < end; i++)
        {
            var block = new MatrixBlock
            {
                ARow = 1,
                AColumn = _tiles.Channels,
                CRow = _filters,
                Panel = _gradients.Pointer,
                PanelWidth = _filters,
                Depth = Chain,
            };
            var values = _values.Pointer + ((long)i * rows * _tiles.Channels);
            var sums = _sums.Pointer + ((long)i * _tiles.Channels * _filters);
            for (var row = 0; row < rows; row += block.Depth)
            {
                // Chains end with the images that are always together, however many threads there are.
                var whole = Math.Min(rows, ((row / unit) + 1) * unit);
                block = block with
                {
                    Panel = _gradients.Pointer + ((((long)i * rows) + row) * _filters),
                    Depth = Math.Min(Chain, whole - row),
                };
                if (_first == 0 && row == 0)
                    place.Tiles.Multiply(block, values, sums, _tiles.Channels, _filters, first: true);
                else
                    place.Tiles.Add(block, values + ((long)row * _tiles.Channels), sums, _tiles.Channels, _filters);
            }
        }
    }

    /// <summary>What one thread works with.</summary>
    private sealed class Place(WinogradTiles tiles, bool wide) : IDisposable
    {
        public ImageFrame Frame { get; } = tiles.CreateFrame();

        public TileGrid Tiles { get; } = new() { Wide = wide };

        public void Dispose()
        {
            Frame.Dispose();
            Tiles.Dispose();
        }
    }
}
