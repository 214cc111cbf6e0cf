using Sweeps.Training.Native.Stages;

namespace Sweeps.Training.Native.Winograd;

/// <summary>
/// How images lie in tiles of 2x2 outputs: their frame, the number of tiles, and how many images are transformed
/// together so that the rows of a product are worth the reading of the kernels.
/// </summary>
internal sealed record WinogradTiles
{
    // Rows of a product from which reading the transformed kernels does not matter.
    private const int RowsWanted = 72;

    /// <summary>Works the sizes out.</summary>
    /// <param name="top">Rows of zeros above an image.</param>
    /// <param name="left">Columns of zeros left of it.</param>
    /// <param name="height">Rows of outputs.</param>
    /// <param name="width">Columns of outputs.</param>
    /// <param name="channels">Floats of a pixel before; whole vectors.</param>
    public WinogradTiles(int top, int left, int height, int width, int channels)
    {
        (Top, Left, Height, Width, Channels) = (top, left, height, width, channels);
        (Rows, Columns) = ((height + 1) / 2, (width + 1) / 2);
        Together = Math.Max(1, (RowsWanted + (Count / 2)) / Count);
    }

    /// <summary>Rows of zeros above an image.</summary>
    public int Top { get; }

    /// <summary>Columns of zeros left of an image.</summary>
    public int Left { get; }

    /// <summary>Rows of outputs.</summary>
    public int Height { get; }

    /// <summary>Columns of outputs.</summary>
    public int Width { get; }

    /// <summary>Floats of a pixel before.</summary>
    public int Channels { get; }

    /// <summary>Rows of tiles.</summary>
    public int Rows { get; }

    /// <summary>Columns of tiles.</summary>
    public int Columns { get; }

    /// <summary>Tiles of an image.</summary>
    public int Count => Rows * Columns;

    /// <summary>Images that are transformed together.</summary>
    public int Together { get; }

    /// <summary>Floats of a row of the frame.</summary>
    public int FrameStride => ((2 * Columns) + 2) * Channels;

    /// <summary>A place for one image, with zeros as far as the tiles reach.</summary>
    public ImageFrame CreateFrame() => new(Top, Left, (2 * Rows) + 2, (2 * Columns) + 2, Channels);

    /// <summary>Transforms one image.</summary>
    /// <param name="frame">The first pixel of its frame.</param>
    /// <param name="values">Receives the first tile's first place.</param>
    /// <param name="placeStride">Floats from a place to the next.</param>
    public unsafe void Transform(float* frame, float* values, nint placeStride)
    {
        for (var row = 0; row < Rows; row++)
        {
            var tile = frame + ((long)2 * row * FrameStride);
            for (var column = 0; column < Columns; column++, tile += 2 * Channels, values += Channels)
                WinogradTransforms.Inputs(tile, FrameStride, Channels, values, placeStride);
        }
    }

    /// <summary>Rows of a tile that are in the image.</summary>
    public int RowsOf(int tileRow) => Math.Min(2, Height - (2 * tileRow));

    /// <summary>Columns of a tile that are in the image.</summary>
    public int ColumnsOf(int tileColumn) => Math.Min(2, Width - (2 * tileColumn));
}
