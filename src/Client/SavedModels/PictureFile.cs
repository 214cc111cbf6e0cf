using StbImageSharp;
using Sweeps.Core;

namespace Sweeps.Client.SavedModels;

/// <summary>A user's picture, brought to the shape that a model takes.</summary>
/// <param name="Bytes">Channels first, as data sets have them.</param>
/// <param name="Note">What was done to it.</param>
internal sealed record PictureFile(byte[] Bytes, string Note)
{
    private const long BytesMax = 100_000_000;
    private const long PixelsMax = 50_000_000;
    private const int Channels = 4;
    private const int Alpha = 3;

    // Luma of ITU-R BT.601, as PIL's convert('L').
    private static readonly double[] s_luma = [0.299, 0.587, 0.114];

    /// <summary>
    /// Reads PNG, JPEG, BMP, GIF or TGA: fitted into height and width without distortion, the rest filled with the
    /// colour of its border; each pixel the mean of the area that it covers; grey where the model has one channel.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">Channels, height and width.</param>
    /// <param name="inverts">
    /// Exchange dark and light; null: where the border is light and the model has one channel, since the data sets of
    /// digits are light on dark.
    /// </param>
    /// <exception cref="SweepsException">It is missing, too large, or no picture.</exception>
    public static PictureFile Read(string path, IReadOnlyList<int> shape, bool? inverts)
    {
        var (channels, height, width) = (shape[0], shape[1], shape[2]);
        var image = Decode(path);
        var planes = Planes(image, channels);
        var border = planes.Select(plane => Border(plane, image.Width, image.Height)).ToArray();
        var turned = inverts ?? (channels == 1 && border[0] > 127.5);
        var scale = Math.Min((double)width / image.Width, (double)height / image.Height);
        var (inner, outer) = (Fit(image.Width, scale, width), Fit(image.Height, scale, height));
        var (left, top) = ((width - inner) / 2, (height - outer) / 2);
        var bytes = new byte[channels * height * width];
        for (var channel = 0; channel < channels; channel++)
        {
            var plane = bytes.AsSpan(channel * height * width, height * width);
            plane.Fill((byte)Math.Round(border[channel]));
            for (var y = 0; y < outer; y++)
            {
                for (var x = 0; x < inner; x++)
                    plane[((top + y) * width) + left + x] = Mean(planes[channel], image, (x, inner), (y, outer));
            }

            for (var at = 0; turned && at < plane.Length; at++)
                plane[at] = (byte)(255 - plane[at]);
        }

        var size = (image.Width, image.Height) == (width, height) ? "" : $" to {width}x{height}";
        return new(bytes, $"{image.Width}x{image.Height}{size}{(turned ? ", dark and light exchanged" : "")}");
    }

    private static ImageResult Decode(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            if (file.Length > BytesMax)
                throw Bad(path, $"it has more than {BytesMax / 1_000_000} MB");
            if (ImageInfo.FromStream(file) is not { } info)
                throw Bad(path, "it is no PNG, JPEG, BMP, GIF or TGA");
            if ((long)info.Width * info.Height > PixelsMax)
                throw Bad(path, $"its {info.Width}x{info.Height} pixels are more than {PixelsMax / 1_000_000} million");
            file.Position = 0;
            return ImageResult.FromStream(file, ColorComponents.RedGreenBlueAlpha);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(ErrorKind.Usage, $"'{path}' cannot be read: {error.Message}", error);
        }
        catch (Exception error) when (error is not SweepsException)
        {
            // The decoder says what is damaged by exceptions of many kinds.
            throw Bad(path, $"it is damaged ({error.Message.TrimEnd('.')})", error);
        }
    }

    private static double[][] Planes(ImageResult image, int channels)
    {
        var planes = Enumerable.Range(0, channels).Select(_ => new double[image.Width * image.Height]).ToArray();
        for (var at = 0; at < image.Width * image.Height; at++)
        {
            // What can be seen through is white, as on paper.
            var cover = image.Data[(at * Channels) + Alpha] / 255.0;
            for (var color = 0; color < s_luma.Length; color++)
            {
                var value = (image.Data[(at * Channels) + color] * cover) + (255 * (1 - cover));
                if (channels == s_luma.Length)
                    planes[color][at] = value;
                else
                    planes[0][at] += s_luma[color] * value;
            }
        }

        return planes;
    }

    private static double Border(double[] plane, int width, int height)
    {
        var (sum, count) = (0.0, 0);
        for (var at = 0; at < plane.Length; at++)
        {
            if (at % width == 0 || at % width == width - 1 || at / width == 0 || at / width == height - 1)
                (sum, count) = (sum + plane[at], count + 1);
        }

        return sum / count;
    }

    private static int Fit(int side, double scale, int most) => Math.Clamp((int)Math.Round(side * scale), 1, most);

    /// <summary>The mean over the part of the picture that pixel (x, y) of the smaller one covers.</summary>
    private static byte Mean(
        double[] plane, ImageResult image, (int At, int Of) x, (int At, int Of) y)
    {
        var (sum, area) = (0.0, 0.0);
        foreach (var (row, rowShare) in Covered(y.At, y.Of, image.Height))
        {
            foreach (var (column, share) in Covered(x.At, x.Of, image.Width))
            {
                sum += plane[(row * image.Width) + column] * share * rowShare;
                area += share * rowShare;
            }
        }

        return (byte)Math.Clamp(Math.Round(sum / area), 0, 255);
    }

    private static IEnumerable<(int Index, double Share)> Covered(int at, int of, int side)
    {
        var (from, to) = ((double)at * side / of, (double)(at + 1) * side / of);
        for (var index = (int)from; index < Math.Min(side, Math.Ceiling(to)); index++)
            yield return (index, Math.Min(to, index + 1) - Math.Max(from, index));
    }

    private static SweepsException Bad(string path, string why, Exception? cause = null) =>
        new(ErrorKind.Data, $"The picture '{path}' cannot be read: {why}.", cause);
}
