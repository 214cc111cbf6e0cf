using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Winograd;

/// <summary>Images convolved with kernels of 3x3: sixteen products of matrices for some images together.</summary>
internal sealed unsafe class WinogradConvolution : IDisposable
{
    // Channels of one chain of multiply-adds; chains are added up. One long chain would round more than libtorch does.
    private const int ChainChannels = FloatBuffer.Lane;

    private readonly WinogradTiles _tiles;
    private readonly int _filters;
    private readonly ThreadTeam _team;
    private readonly TeamPlaces<Place> _places;
    private readonly FloatBuffer _kernels;
    private readonly FloatBuffer _outputs;
    private readonly ThreadTeam.TeamLoop _convolve;
    private Matrix _images;
    private int _height;
    private int _width;

    /// <summary>Buffers for up to <paramref name="capacity"/> images.</summary>
    /// <param name="tiles">How they lie.</param>
    /// <param name="filters">Floats of a pixel after; whole vectors.</param>
    /// <param name="capacity">The most images of a batch.</param>
    /// <param name="team">Who shares the work.</param>
    /// <param name="wide">Whether tiles of 512 bits are used.</param>
    public WinogradConvolution(WinogradTiles tiles, int filters, int capacity, ThreadTeam team, bool wide)
    {
        (_tiles, _filters, _team, _convolve) = (tiles, filters, team, Convolve);
        _places = new(() => new(tiles, filters, wide));
        _kernels = new((long)WinogradTransforms.Places * tiles.Channels * filters);
        _outputs = new((long)capacity * OutputStride);
    }

    private int OutputStride => _tiles.Height * _tiles.Width * _filters;

    /// <summary>The outputs for a batch; valid until the next.</summary>
    /// <param name="images">Channels last, one image a row.</param>
    /// <param name="height">Their rows.</param>
    /// <param name="width">Their columns.</param>
    /// <param name="kernels">Nine matrices of channels x filters.</param>
    public Matrix Convolve(in Matrix images, int height, int width, float* kernels)
    {
        (_images, _height, _width) = (images, height, width);
        WinogradTransforms.Kernels(kernels, _tiles.Channels * _filters, _kernels.Pointer);
        var groups = (images.Rows + _tiles.Together - 1) / _tiles.Together;
        var work = (long)WinogradTransforms.Places * _tiles.Count * _tiles.Channels * _filters * images.Rows;
        _team.For(groups, work, _convolve);
        return new(_outputs.Pointer, images.Rows, OutputStride, OutputStride);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _places.Dispose();
        _kernels.Dispose();
        _outputs.Dispose();
    }

    private void Convolve(int member, int first, int end)
    {
        var place = _places[member];
        for (var group = first; group < end; group++)
        {
            var image = group * _tiles.Together;
            Convolve(place, image, Math.Min(_tiles.Together, _images.Rows - image));
        }
    }

    private void Convolve(Place place, int first, int count)
    {
        var rows = count * _tiles.Count;
        var (valueStride, sumStride) = (rows * _tiles.Channels, rows * _filters);
        for (var image = 0; image < count; image++)
        {
            var pixels = _images.Pointer + ((long)(first + image) * _images.RowStride);
            var values = place.Values.Pointer + ((long)image * _tiles.Count * _tiles.Channels);
            _tiles.Transform(place.Frame.Put(pixels, _height, _width), values, valueStride);
        }

        var block = new MatrixBlock
        {
            ARow = _tiles.Channels,
            AColumn = 1,
            CRow = _filters,
            Panel = _kernels.Pointer,
            PanelWidth = _filters,
            Depth = ChainChannels,
        };
        for (var i = 0; i < WinogradTransforms.Places; i++)
        {
            var values = place.Values.Pointer + ((long)i * valueStride);
            var sums = place.Sums.Pointer + ((long)i * sumStride);
            for (var channel = 0; channel < _tiles.Channels; channel += ChainChannels)
            {
                if (channel == 0)
                    place.Tiles.Multiply(block, values, sums, rows, _filters, first: true);
                else
                    place.Tiles.Add(block, values + channel, sums, rows, _filters);
                block = block with { Panel = block.Panel + ((long)ChainChannels * _filters) };
            }
        }

        for (var image = 0; image < count; image++)
        {
            var sums = place.Sums.Pointer + ((long)image * _tiles.Count * _filters);
            Put(sums, sumStride, _outputs.Pointer + ((long)(first + image) * OutputStride));
        }
    }

    private void Put(float* sums, nint sumStride, float* outputs)
    {
        for (var row = 0; row < _tiles.Rows; row++)
        {
            var tile = outputs + ((long)2 * row * _tiles.Width * _filters);
            for (var column = 0; column < _tiles.Columns; column++, tile += 2 * _filters, sums += _filters)
            {
                WinogradTransforms.Outputs(
                    sums, sumStride, _filters, tile, _tiles.Width * _filters, _tiles.RowsOf(row),
                    _tiles.ColumnsOf(column));
            }
        }
    }

    /// <summary>What one thread works with.</summary>
    private sealed class Place(WinogradTiles tiles, int filters, bool wide) : IDisposable
    {
        public ImageFrame Frame { get; } = tiles.CreateFrame();

        public FloatBuffer Values { get; } = new(Rows(tiles) * tiles.Channels);

        public FloatBuffer Sums { get; } = new(Rows(tiles) * filters);

        public TileGrid Tiles { get; } = new() { Wide = wide };

        public void Dispose()
        {
            Frame.Dispose();
            Values.Dispose();
            Sums.Dispose();
            Tiles.Dispose();
        }

        private static long Rows(WinogradTiles tiles) =>
            (long)WinogradTransforms.Places * tiles.Together * tiles.Count;
    }
}
