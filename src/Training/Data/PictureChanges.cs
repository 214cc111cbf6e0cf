using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data;

/// <summary>
/// Changes pictures as an <see cref="Augmentation"/> says. What a sample becomes in an epoch depends on the stream,
/// the epoch and the sample's number alone: not on its batch, nor on what else trains. Places are whole 65,536ths of
/// a pixel and shares whole 256ths, so that no bit depends on the processor.
/// </summary>
/// <param name="augmentation">What is changed.</param>
/// <param name="shape">Channels, rows, columns.</param>
/// <param name="streams">The key of the training's random streams.</param>
internal sealed class PictureChanges(Augmentation augmentation, IReadOnlyList<int> shape, StreamKey streams)
{
    /// <summary>Words of the epoch's stream for each sample, whatever is changed.</summary>
    private const int WordsPerSample = 8;

    private const int One = 1 << 16;

    private readonly int _channels = shape[0];
    private readonly int _rows = shape[1];
    private readonly int _columns = shape[2];
    private readonly float[] _before = new float[shape[0] * shape[1] * shape[2]];
    private RandomStream _stream = new(streams with { Purpose = Purpose.Augmentation });

    /// <summary>Turns to the stream of an epoch.</summary>
    /// <param name="epoch">From 1.</param>
    public void BeginEpoch(int epoch) =>
        _stream = new(streams with { Purpose = Purpose.Augmentation, Epoch = epoch });

    /// <summary>Changes the pictures of a batch where they lie.</summary>
    /// <param name="pictures">One after the other, channels first, values from 0 to 1.</param>
    /// <param name="samples">Their numbers in the data set.</param>
    public void Apply(Span<float> pictures, ReadOnlySpan<int> samples)
    {
        for (var row = 0; row < samples.Length; row++)
            Apply(pictures.Slice(row * _before.Length, _before.Length), samples[row]);
    }

    private void Apply(Span<float> picture, int sample)
    {
        Span<uint> words = stackalloc uint[WordsPerSample];
        _stream.Position = (ulong)sample * WordsPerSample;
        _stream.FillUInt32(words);
        var right = (int)Math.Floor((Signed(words[0]) * (augmentation.Shift ?? 0) * _columns) + 0.5);
        var down = (int)Math.Floor((Signed(words[1]) * (augmentation.Shift ?? 0) * _rows) + 0.5);
        var degrees = Signed(words[2]) * (augmentation.Rotation ?? 0);
        var size = 1 + (Signed(words[3]) * (augmentation.Zoom ?? 0));
        var isFlipped = augmentation.Flip && words[4] >= 1u << 31;
        if (augmentation.Rotation is not null || augmentation.Zoom is not null)
            Turned(picture, right, down, degrees, size, isFlipped);
        else if (right != 0 || down != 0 || isFlipped)
            Moved(picture, right, down, isFlipped);
        if (augmentation.Brightness is { } brightness)
            Brighten(picture, (float)(1 + (Signed(words[5]) * brightness)));
        if (augmentation.Cutout is { } share)
            CutOut(picture, share, words[6], words[7]);
    }

    /// <summary>Uniform in [-1, 1), a multiple of 2^-31.</summary>
    private static double Signed(uint word) => (word * (2.0 / (1L << 32))) - 1;

    /// <summary>By whole pixels; what comes in from outside is black.</summary>
    private void Moved(Span<float> picture, int right, int down, bool isFlipped)
    {
        picture.CopyTo(_before);
        picture.Clear();
        var (first, last) = (Math.Max(0, right), Math.Min(_columns, _columns + right));
        if (first >= last)
            return;
        for (var line = 0; line < _channels * _rows; line++)
        {
            var from = line % _rows - down;
            if ((uint)from >= (uint)_rows)
                continue;
            var source = _before.AsSpan((line / _rows * _rows + from) * _columns, _columns);
            var target = picture.Slice(line * _columns, _columns);
            if (!isFlipped)
            {
                source[(first - right)..(last - right)].CopyTo(target[first..last]);
                continue;
            }

            for (var column = first; column < last; column++)
                target[column] = source[_columns - 1 - (column - right)];
        }
    }

    /// <summary>Each pixel is what lies where it comes from, between four pixels (bilinear); outside is black.
    /// </summary>
    private void Turned(Span<float> picture, int right, int down, double degrees, double size, bool isFlipped)
    {
        picture.CopyTo(_before);
        var (cosine, sine) = Turn.Of(degrees);
        // Back from a pixel of the result: unmoved, turned the other way, made as much smaller, mirrored.
        var mirror = isFlipped ? -1 : 1;
        var (across, along) = (Fixed(mirror * cosine / size), Fixed(mirror * sine / size));
        var (up, level) = (Fixed(-sine / size), Fixed(cosine / size));
        var (middleX, middleY) = ((_columns - 1) * (One / 2), (_rows - 1) * (One / 2));
        for (var y = 0; y < _rows; y++)
        {
            // In half pixels, so that the middle of an even width is whole.
            long fromMiddleX = (2 * (0 - right)) - (_columns - 1), fromMiddleY = (2 * (y - down)) - (_rows - 1);
            var sourceX = middleX + (((across * fromMiddleX) + (along * fromMiddleY)) / 2);
            var sourceY = middleY + (((up * fromMiddleX) + (level * fromMiddleY)) / 2);
            for (var x = 0; x < _columns; x++, sourceX += across, sourceY += up)
                Between(picture, (y * _columns) + x, sourceX, sourceY);
        }
    }

    private static long Fixed(double value) => (long)Math.Floor((value * One) + 0.5);

    private void Between(Span<float> picture, int at, long sourceX, long sourceY)
    {
        var (x, y) = ((int)(sourceX >> 16), (int)(sourceY >> 16));
        float shareX = (int)(sourceX >> 8) & 255, shareY = (int)(sourceY >> 8) & 255;
        var plane = _rows * _columns;
        if (x < -1 || y < -1 || x >= _columns || y >= _rows)
        {
            for (var channel = 0; channel < _channels; channel++)
                picture[(channel * plane) + at] = 0;
            return;
        }

        for (var channel = 0; channel < _channels; channel++)
        {
            var source = _before.AsSpan(channel * plane, plane);
            var above = ((256 - shareX) * Pixel(source, x, y)) + (shareX * Pixel(source, x + 1, y));
            var below = ((256 - shareX) * Pixel(source, x, y + 1)) + (shareX * Pixel(source, x + 1, y + 1));
            picture[(channel * plane) + at] = (((256 - shareY) * above) + (shareY * below)) * (1f / 65536);
        }
    }

    private float Pixel(ReadOnlySpan<float> plane, int x, int y) =>
        (uint)x < (uint)_columns && (uint)y < (uint)_rows ? plane[(y * _columns) + x] : 0;

    private static void Brighten(Span<float> picture, float factor)
    {
        foreach (ref var value in picture)
        {
            var brighter = value * factor;
            value = brighter > 1 ? 1 : brighter;
        }
    }

    /// <summary>The square's middle is any pixel, so that a part of it may lie outside.</summary>
    private void CutOut(Span<float> picture, double share, uint wordX, uint wordY)
    {
        var side = (int)Math.Floor((share * Math.Min(_rows, _columns)) + 0.5);
        var left = (int)(((ulong)wordX * (uint)_columns) >> 32) - (side / 2);
        var top = (int)(((ulong)wordY * (uint)_rows) >> 32) - (side / 2);
        var (first, last) = (Math.Max(0, left), Math.Min(_columns, left + side));
        for (var line = 0; line < _channels * _rows; line++)
        {
            var y = line % _rows;
            if (y >= top && y < top + side && first < last)
                picture[((line * _columns) + first)..((line * _columns) + last)].Clear();
        }
    }
}

/// <summary>Changed pictures to look at: those that a training with this seed alone would learn from.</summary>
public static class ChangedPictures
{
    /// <summary>What a training sample becomes in an epoch, as bytes, channels first.</summary>
    /// <param name="data">A data set of pictures.</param>
    /// <param name="augmentation">What is changed.</param>
    /// <param name="seed">The seed of the stream.</param>
    /// <param name="sample">The sample's number in the training part.</param>
    /// <param name="epoch">From 1.</param>
    public static byte[] Of(DataSet data, Augmentation augmentation, long seed, int sample, int epoch)
    {
        ArgumentNullException.ThrowIfNull(data);
        var picture = new float[data.Features];
        data.Train.Gather([sample], picture);
        var changes = new PictureChanges(augmentation, data.InputShape, new(seed, Purpose.Augmentation));
        changes.BeginEpoch(epoch);
        changes.Apply(picture, [sample]);
        return Array.ConvertAll(picture, value => (byte)Math.Clamp((int)((value * 255) + 0.5f), 0, 255));
    }
}
