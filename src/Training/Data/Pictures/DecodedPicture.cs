using StbImageSharp;

namespace Sweeps.Training.Data.Pictures;

/// <summary>Why bytes are no picture that can be used, as the end of a sentence.</summary>
public sealed class PictureException(string why, Exception? cause = null) : Exception(why, cause)
{
    /// <summary>The file ends too early.</summary>
    internal static PictureException CutOff() => Damaged("cut off");

    /// <summary>The file is not what was written.</summary>
    internal static PictureException Damaged(string how, Exception? cause = null) =>
        new($"it is damaged ({how})", cause);
}

/// <summary>
/// A picture, decoded, and how it is brought to another size. All arithmetic is on whole numbers, so that the bytes are
/// the same on every machine.
/// </summary>
public sealed class DecodedPicture
{
    /// <summary>The longest file that is read.</summary>
    public const long BytesMax = 100_000_000;

    private const long PixelsMax = 50_000_000;
    private const int Channels = 4;
    private const int Opaque = 255;

    // Luma of ITU-R BT.601 in thousandths, as PIL's convert('L').
    private const int Thousand = 1_000;
    private const int Red = 299;
    private const int Green = 587;
    private const int Blue = 114;

    private readonly byte[] _rgba;

    private DecodedPicture(byte[] rgba, int width, int height, bool hasColors) =>
        (_rgba, Width, Height, HasColors) = (rgba, width, height, hasColors);

    /// <summary>Columns of the file's picture; an orientation in its EXIF data is not looked at.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Whether the file has channels for colours.</summary>
    public bool HasColors { get; }

    /// <summary>Decodes PNG, JPEG, BMP, GIF or TGA.</summary>
    /// <exception cref="PictureException">It is too large, damaged or no picture.</exception>
    public static DecodedPicture Of(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var file = new MemoryStream(bytes);
        var (width, height, _) = Measure(file);
        try
        {
            var image = JpegPixels.Is(file) ? JpegPixels.Decode(bytes) : DecodeOther(bytes);
            if ((image.Width, image.Height) != (width, height))
                throw PictureException.Damaged("its size is not what it announces");
            return new(
                image.Data, width, height, image.SourceComp is not (ColorComponents.Grey or ColorComponents.GreyAlpha));
        }
        catch (Exception error) when (error is not PictureException)
        {
            throw Undecoded(error);
        }
    }

    private static ImageResult DecodeOther(byte[] bytes)
    {
        PngPixels.Check(bytes);
        PixelEnds.Check(bytes);
        return ImageResult.FromMemory(bytes, ColorComponents.RedGreenBlueAlpha);
    }

    /// <summary>What a picture announces, without decoding it.</summary>
    /// <exception cref="PictureException">It is no picture, or too large.</exception>
    public static (int Width, int Height, bool HasColors) Measure(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.Length > BytesMax)
            throw new PictureException($"it has more than {BytesMax / 1_000_000} MB");
        ImageInfo? found;
        try
        {
            if (JpegPixels.Is(stream))
                JpegPixels.CheckHeader(stream);
            stream.Position = 0;
            found = ImageInfo.FromStream(stream);
        }
        catch (Exception error) when (error is not (IOException or UnauthorizedAccessException or PictureException))
        {
            throw Undecoded(error);
        }

        if (found is not { } info)
        {
            // The decoder does not say why: too large is no picture to it.
            if (PngPixels.SizeOf(stream) is (var columns, var rows))
            {
                CheckSize(columns, rows);
                throw PictureException.Damaged("its header is none of a PNG");
            }

            throw new PictureException(stream.Length == 0 ? "it is empty" : "it is no PNG, JPEG, BMP, GIF or TGA");
        }

        CheckSize(info.Width, info.Height);
        return (info.Width, info.Height,
            info.ColorComponents is not (ColorComponents.Grey or ColorComponents.GreyAlpha));
    }

    private static void CheckSize(long width, long height)
    {
        if (width < 1 || height < 1)
            throw new PictureException("it has no pixels");
        if (width > PixelsMax || width * height > PixelsMax)
            throw new PictureException($"its {width}x{height} pixels are more than {PixelsMax / 1_000_000} million");
    }

    // The decoder's exceptions are of many kinds, and its words those of whichever picture it decoded last.
    private static PictureException Undecoded(Exception error) =>
        PictureException.Damaged("its pixels cannot be decoded", error);

    /// <summary>
    /// Fits the picture into height and width without distortion, in the middle; the rest is filled with the mean
    /// colour of its border. Each pixel is the mean of the area that it covers, rounded, half up. What can be seen
    /// through is white, as on paper.
    /// </summary>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="target">Receives channels x height x width bytes, channels first.</param>
    public void FitInto(int channels, int height, int width, Span<byte> target)
    {
        // As large as fits: the narrower side decides. Sizes are rounded half up, at least one pixel.
        var byWidth = (long)width * Height <= (long)height * Width;
        var inner = byWidth ? width : Rounded((long)Width * height, Height, width);
        var outer = byWidth ? Rounded((long)Height * width, Width, height) : height;
        var (left, top) = ((width - inner) / 2, (height - outer) / 2);
        for (var channel = 0; channel < channels; channel++)
        {
            var plane = target.Slice(channel * height * width, height * width);
            if (inner < width || outer < height)
                plane.Fill(Border(channel, channels));
            for (var y = 0; y < outer; y++)
            {
                for (var x = 0; x < inner; x++)
                    plane[((top + y) * width) + left + x] = Mean((x, inner), (y, outer), channel, channels);
            }
        }
    }

    /// <summary>The mean of the pixels along the border, rounded.</summary>
    public byte Border(int channel, int channels)
    {
        var (sum, count) = (0L, 0L);
        for (var y = 0; y < Height; y++)
        {
            var step = y == 0 || y == Height - 1 || Width == 1 ? 1 : Width - 1;
            for (var x = 0; x < Width; x += step)
                (sum, count) = (sum + Value(x, y, channel, channels), count + 1);
        }

        return Divide(sum, count * UnitOf(channels));
    }

    private static int Rounded(long part, int whole, int most) =>
        (int)Math.Clamp(((2 * part) + whole) / (2L * whole), 1, most);

    private static long UnitOf(int channels) => channels == 1 ? Opaque * Thousand : Opaque;

    private static byte Divide(long sum, long by) => (byte)(((2 * sum) + by) / (2 * by));

    // At most 255 x 255 x 1,000 times 50 million pixels: far from the end of 64 bits.
    private byte Mean((int At, int Of) x, (int At, int Of) y, int channel, int channels)
    {
        var sum = 0L;
        var (firstRow, lastRow) = Covered(y.At, y.Of, Height);
        var (firstColumn, lastColumn) = Covered(x.At, x.Of, Width);
        for (var row = firstRow; row <= lastRow; row++)
        {
            var line = 0L;
            for (var column = firstColumn; column <= lastColumn; column++)
                line += Value(column, row, channel, channels) * Share(column, x.At, x.Of, Width);
            sum += line * Share(row, y.At, y.Of, Height);
        }

        return Divide(sum, UnitOf(channels) * Width * Height);
    }

    private static (int First, int Last) Covered(int at, int of, int side) =>
        ((int)((long)at * side / of), (int)((((long)(at + 1) * side) - 1) / of));

    // How much of a pixel of the file, in parts of 1 / of, the new pixel covers; over all of them it is the side.
    private static long Share(int index, int at, int of, int side) =>
        Math.Min((long)(at + 1) * side, (long)(index + 1) * of) - Math.Max((long)at * side, (long)index * of);

    // In units of 1 / 255, of grey also of 1 / 1,000.
    private long Value(int x, int y, int channel, int channels)
    {
        var pixel = _rgba.AsSpan(((y * Width) + x) * Channels, Channels);
        var (cover, paper) = ((long)pixel[3], (long)Opaque * (Opaque - pixel[3]));
        return channels == 1
            ? (((Red * pixel[0]) + (Green * pixel[1]) + (Blue * pixel[2])) * cover) + (Thousand * paper)
            : (pixel[channel] * cover) + paper;
    }
}
