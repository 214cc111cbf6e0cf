using System.Globalization;
using System.Text;

namespace Sweeps.Client.Terminal;

/// <summary>
/// Draws an image with characters, two pixels (one above the other) to a character: half blocks in colour on a
/// terminal, shades of ASCII elsewhere.
/// </summary>
internal static class DataPicture
{
    private const string Shades = " .:-=+*#%@";

    /// <summary>The lines of the picture, each as wide as the image.</summary>
    /// <param name="pixels">Rows of bytes, one plane a channel; one channel is grey, three are red, green and
    /// blue.</param>
    /// <param name="channels">1 or 3; of any other number the first is drawn in grey.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Columns of pixels.</param>
    /// <param name="colors">What the output can show.</param>
    public static IReadOnlyList<string> Draw(
        ReadOnlySpan<byte> pixels, int channels, int height, int width, DataColors colors)
    {
        var lines = new List<string>();
        for (var y = 0; y < height; y += 2)
        {
            var line = new StringBuilder();
            var last = "";
            for (var x = 0; x < width; x++)
            {
                var upper = ColorAt(pixels, channels, height, width, x, y);
                var lower = y + 1 < height ? ColorAt(pixels, channels, height, width, x, y + 1) : default;
                if (colors == DataColors.None)
                {
                    line.Append(Shade(upper, lower));
                    continue;
                }

                var code = $"\u001b[38;{Code(upper, colors)};48;{Code(lower, colors)}m";
                line.Append(code == last ? "" : code).Append('\u2580');
                last = code;
            }

            lines.Add(colors == DataColors.None ? line.ToString() : line.Append("\u001b[0m").ToString());
        }

        return lines;
    }

    private static (byte Red, byte Green, byte Blue) ColorAt(
        ReadOnlySpan<byte> pixels, int channels, int height, int width, int x, int y)
    {
        var (at, plane) = ((y * width) + x, height * width);
        return channels == 3
            ? (pixels[at], pixels[at + plane], pixels[at + (2 * plane)])
            : (pixels[at], pixels[at], pixels[at]);
    }

    private static char Shade((byte Red, byte Green, byte Blue) upper, (byte Red, byte Green, byte Blue) lower) =>
        Shades[(Grey(upper) + Grey(lower)) * Shades.Length / 512];

    // Luma of ITU-R BT.601.
    private static int Grey((byte Red, byte Green, byte Blue) color) =>
        ((299 * color.Red) + (587 * color.Green) + (114 * color.Blue)) / 1000;

    private static string Code((byte Red, byte Green, byte Blue) color, DataColors colors)
    {
        if (colors == DataColors.True)
            return string.Create(CultureInfo.InvariantCulture, $"2;{color.Red};{color.Green};{color.Blue}");
        var index = color.Red == color.Green && color.Green == color.Blue
            ? GreyIndex(color.Red)
            : 16 + (36 * Sixth(color.Red)) + (6 * Sixth(color.Green)) + Sixth(color.Blue);
        return string.Create(CultureInfo.InvariantCulture, $"5;{index}");
    }

    // Colours 232 to 255 are greys between black (16) and white (231).
    private static int GreyIndex(byte grey) => grey < 4 ? 16 : grey > 246 ? 231 : 232 + Math.Min(23, (grey - 3) / 10);

    private static int Sixth(byte value) => ((value * 5) + 127) / 255;
}

/// <summary>Blue for negative, white for zero, red for positive: the ends of ColorBrewer's RdBu.</summary>
internal static class DivergingColor
{
    private static readonly (byte Red, byte Green, byte Blue) s_negative = (33, 102, 172);
    private static readonly (byte Red, byte Green, byte Blue) s_positive = (178, 24, 43);

    /// <summary>The colour of a value in [-1, 1].</summary>
    public static (byte Red, byte Green, byte Blue) Of(float value)
    {
        var end = value < 0 ? s_negative : s_positive;
        var share = Math.Clamp(Math.Abs(value), 0, 1);
        return (Mix(end.Red, share), Mix(end.Green, share), Mix(end.Blue, share));
    }

    private static byte Mix(byte end, float share) => (byte)Math.Round(255 + (share * (end - 255)));
}

/// <summary>How pictures can be drawn on an output.</summary>
internal enum DataColors
{
    /// <summary>Letters only: a file, a pipe, NO_COLOR.</summary>
    None,

    /// <summary>The 256 colours every terminal has.</summary>
    Indexed,

    /// <summary>24-bit colours.</summary>
    True,
}

/// <summary>Finds out what the output can show.</summary>
internal static class DataTerminal
{
    /// <summary>Colours on a terminal, by COLORTERM and TERM; none in a pipe or with NO_COLOR (no-color.org).</summary>
    public static DataColors ColorsOf(TextWriter output)
    {
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
            return DataColors.None;
        if (Variable("NO_COLOR").Length > 0 || Variable("TERM") == "dumb")
            return DataColors.None;
        return Variable("COLORTERM") is "truecolor" or "24bit" ? DataColors.True : DataColors.Indexed;
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
