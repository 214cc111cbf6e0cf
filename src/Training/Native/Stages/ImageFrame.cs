using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>A place for one image with zeros around it; the zeros are written once.</summary>
/// <param name="top">Rows of zeros above.</param>
/// <param name="left">Columns of zeros to the left.</param>
/// <param name="height">Rows in all.</param>
/// <param name="width">Columns in all.</param>
/// <param name="channels">Floats of a pixel.</param>
internal sealed unsafe class ImageFrame(int top, int left, int height, int width, int channels) : IDisposable
{
    private readonly FloatBuffer _pixels = new((long)height * width * channels);

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

    /// <inheritdoc />
    public void Dispose() => _pixels.Dispose();
}
