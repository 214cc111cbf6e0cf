using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Core.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// The sizes of a convolution. Images are kept channels last: pixel after pixel, row after row, each pixel
/// with <see cref="Channels"/> floats of which the last may be padding that is always zero.
/// </summary>
internal sealed record ConvShape
{
    /// <summary>Works the sizes out.</summary>
    /// <param name="window">The kernel.</param>
    /// <param name="input">The images before.</param>
    /// <param name="channels">Floats of a pixel before.</param>
    /// <param name="output">The images after.</param>
    public ConvShape(Window window, TensorShape input, int channels, TensorShape output)
    {
        var margins = window.MarginsFor(input);
        (Height, Width, Channels) = (input.Height, input.Width, channels);
        (InputChannels, OutputChannels) = (Math.Min(input.Channels, channels), output.Channels);
        (Top, Left) = (margins.Top, margins.Left);
        (PaddedHeight, PaddedWidth) =
            (input.Height + margins.Top + margins.Bottom, input.Width + margins.Left + margins.Right);
        (KernelHeight, KernelWidth) = (window.Height, window.Width);
        (StrideHeight, StrideWidth) = (window.StrideHeight, window.StrideWidth);
        (OutputHeight, OutputWidth, Filters) = (output.Height, output.Width, FloatBuffer.RoundUp(output.Channels));
    }

    /// <summary>Rows of an image before.</summary>
    public int Height { get; }

    /// <summary>Columns of an image before.</summary>
    public int Width { get; }

    /// <summary>Floats of a pixel before.</summary>
    public int Channels { get; }

    /// <summary>Those of them that are no padding.</summary>
    public int InputChannels { get; }

    /// <summary>Rows of zeros above the image.</summary>
    public int Top { get; }

    /// <summary>Columns of zeros left of the image.</summary>
    public int Left { get; }

    /// <summary>Rows with padding.</summary>
    public int PaddedHeight { get; }

    /// <summary>Columns with padding.</summary>
    public int PaddedWidth { get; }

    /// <summary>Rows of the kernel.</summary>
    public int KernelHeight { get; }

    /// <summary>Columns of the kernel.</summary>
    public int KernelWidth { get; }

    /// <summary>Rows from one place of the kernel to the next.</summary>
    public int StrideHeight { get; }

    /// <summary>Columns from one place of the kernel to the next.</summary>
    public int StrideWidth { get; }

    /// <summary>Rows of an image after.</summary>
    public int OutputHeight { get; }

    /// <summary>Columns of an image after.</summary>
    public int OutputWidth { get; }

    /// <summary>Floats of a pixel after.</summary>
    public int Filters { get; }

    /// <summary>Those of them that are no padding.</summary>
    public int OutputChannels { get; }

    /// <summary>Floats of one kernel: rows of the matrix of weights.</summary>
    public int KernelSize => KernelHeight * KernelWidth * Channels;

    /// <summary>Floats of a row with padding.</summary>
    public int PaddedRow => PaddedWidth * Channels;

    /// <summary>Pixels of an image after.</summary>
    public int OutputPixels => OutputHeight * OutputWidth;

    /// <summary>Products of one image that are added up.</summary>
    public long MultiplyAdds => (long)OutputPixels * KernelSize * Filters;

    /// <summary>Whether an image is its own padded image.</summary>
    public bool IsPadded => PaddedHeight != Height || PaddedWidth != Width;
}

/// <summary>
/// A place for one image with zeros around it, and a vector of zeros behind it; the zeros are written once.
/// </summary>
/// <param name="top">Rows of zeros above.</param>
/// <param name="left">Columns of zeros to the left.</param>
/// <param name="height">Rows in all.</param>
/// <param name="width">Columns in all.</param>
/// <param name="channels">Floats of a pixel.</param>
internal sealed unsafe class ImageFrame(int top, int left, int height, int width, int channels) : IDisposable
{
    private readonly FloatBuffer _pixels = new(((long)height * width * channels) + FloatBuffer.Lane);

    /// <summary>Rows of zeros above.</summary>
    public int Top => top;

    /// <summary>Columns of zeros to the left.</summary>
    public int Left => left;

    /// <summary>Puts an image in; returns the first float of the frame.</summary>
    /// <param name="image">The image without padding.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    public float* Put(float* image, int rows, int columns)
    {
        var length = columns * channels;
        for (var row = 0; row < rows; row++)
        {
            var target = _pixels.Pointer + ((((long)(row + top) * width) + left) * channels);
            new Span<float>(image + ((long)row * length), length).CopyTo(new(target, length));
        }

        return _pixels.Pointer;
    }

    /// <summary>Puts an image in whose pixels have more floats than are wanted.</summary>
    /// <param name="image">The image without padding.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="floats">Floats of its pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float* Put(float* image, int rows, int columns, int floats)
    {
        if (floats == channels)
            return Put(image, rows, columns);
        var last = (channels - 1) / FloatBuffer.Lane * FloatBuffer.Lane;
        var isThere = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(channels - last)).AsSingle();
        for (var row = 0; row < rows; row++)
        {
            var target = _pixels.Pointer + ((((long)(row + top) * width) + left) * channels);
            for (var column = 0; column < columns; column++, image += floats, target += channels)
            {
                for (var i = 0; i < last; i += FloatBuffer.Lane)
                    Vector512.Load(image + i).Store(target + i);
                // The zeros reach beyond the pixel; the next overwrites them.
                (Vector512.Load(image + last) & isThere).Store(target + last);
            }
        }

        return _pixels.Pointer;
    }

    /// <inheritdoc />
    public void Dispose() => _pixels.Dispose();
}
