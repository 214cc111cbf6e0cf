using System.Text;
using Spectre.Console;

namespace Sweeps.Client.Terminal;

/// <summary>
/// Draws images on the terminal, two pixels (one above the other) to a character: half blocks in colour where the
/// terminal has colours, shades of ASCII elsewhere.
/// </summary>
internal static class Picture
{
    private const string Shades = " .:-=+*#%@";

    /// <summary>Writes pixels by row and column; null is the background.</summary>
    public static void Write(IAnsiConsole console, Color?[,] pixels)
    {
        if (console.Profile.Capabilities.ColorSystem == ColorSystem.NoColors)
        {
            WriteShades(console, pixels);
            return;
        }

        var canvas = new Canvas(pixels.GetLength(1), pixels.GetLength(0)) { Scale = false };
        for (var y = 0; y < canvas.Height; y++)
        {
            for (var x = 0; x < canvas.Width; x++)
            {
                if (pixels[y, x] is { } color)
                    canvas.SetPixel(x, y, color);
            }
        }

        console.Write(canvas);
    }

    /// <summary>Copies an image of bytes, channels first, into a larger one.</summary>
    /// <param name="image">One plane for each channel: three are red, green and blue; else the first is grey.</param>
    /// <param name="shape">Channels, height and width.</param>
    /// <param name="pixels">Where to.</param>
    /// <param name="left">The first column.</param>
    public static void Place(ReadOnlySpan<byte> image, IReadOnlyList<int> shape, Color?[,] pixels, int left)
    {
        var sample = new SamplePixels(image, shape);
        for (var row = 0; row < sample.Height; row++)
        {
            for (var column = 0; column < sample.Width; column++)
            {
                var (red, green, blue) = sample[row, column];
                pixels[row, left + column] = new Color(red, green, blue);
            }
        }
    }

    /// <summary>The colour of a value in [-1, 1]: blue, white at 0, red; the ends of ColorBrewer's RdBu.</summary>
    public static Color Diverging(float value)
    {
        var end = value < 0 ? new Color(33, 102, 172) : new Color(178, 24, 43);
        return Color.White.Blend(end, Math.Clamp(Math.Abs(value), 0, 1));
    }

    private static void WriteShades(IAnsiConsole console, Color?[,] pixels)
    {
        for (var y = 0; y < pixels.GetLength(0); y += 2)
        {
            var line = new StringBuilder();
            for (var x = 0; x < pixels.GetLength(1); x++)
            {
                var lower = y + 1 < pixels.GetLength(0) ? pixels[y + 1, x] : null;
                line.Append(Shades[(Grey(pixels[y, x]) + Grey(lower)) * Shades.Length / 512]);
            }

            console.WriteLine(line.ToString().TrimEnd());
        }
    }

    // Luma of ITU-R BT.601.
    private static int Grey(Color? color) =>
        color is { } c ? ((299 * c.R) + (587 * c.G) + (114 * c.B)) / 1000 : 0;
}

/// <summary>A sample of bytes, channels first, by its pixels.</summary>
/// <param name="bytes">One plane for each channel: three are red, green and blue; else the first is grey.</param>
/// <param name="shape">Channels, height and width.</param>
internal readonly ref struct SamplePixels(ReadOnlySpan<byte> bytes, IReadOnlyList<int> shape)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly bool _hasColors = shape[0] == 3;

    public int Height { get; } = shape[1];

    public int Width { get; } = shape[2];

    /// <summary>Red, green and blue.</summary>
    public (byte Red, byte Green, byte Blue) this[int row, int column]
    {
        get
        {
            var (at, plane) = ((row * Width) + column, _hasColors ? Height * Width : 0);
            return (_bytes[at], _bytes[at + plane], _bytes[at + (2 * plane)]);
        }
    }
}
