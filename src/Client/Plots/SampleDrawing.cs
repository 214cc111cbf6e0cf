using System.CommandLine;
using SkiaSharp;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Plots;

/// <summary>A sample as a picture shows it.</summary>
/// <param name="Pixels">Its bytes, channels first.</param>
/// <param name="Key">Its number or its file.</param>
/// <param name="Predicted">The class that a model names.</param>
/// <param name="Value">What the model gives for that class.</param>
/// <param name="Truth">Its class; null: it is not known.</param>
internal sealed record DrawnSample(byte[] Pixels, string Key, string Predicted, float Value, string? Truth);

/// <summary>
/// Samples in a grid, each with what a model says of it and what it is: right ones in blue, mistakes in red and with a
/// cross, so that none is known by its colour alone.
/// </summary>
internal static class SampleDrawing
{
    /// <summary>Samples of one picture; more are left out, and said.</summary>
    public const int SamplesMax = 200;

    private const int Columns = 6;
    private const float Side = 112;
    private const float Gap = 20;
    private const float Edge = 24;
    private const float Top = 76;
    private const float TextHeight = 58;

    private const string Legend =
        "In bold what the model says, with the value that it gives; below what it is, and which sample.";

    private static readonly SKColor s_ink = SKColor.Parse("#1b1f24");
    private static readonly SKColor s_soft = SKColor.Parse("#57606a");
    private static readonly SKColor s_right = SKColor.Parse("#0072b2");
    private static readonly SKColor s_wrong = SKColor.Parse("#b3261e");

    /// <summary>The option for the file.</summary>
    /// <param name="what">What is drawn.</param>
    public static Option<string?> CreateOption(string what) => new("--picture")
    {
        Description = $"Draw {what} into a file that ends in .png, .svg or .pdf, with true and predicted labels.",
        HelpName = "file",
    };

    /// <summary>Refuses a file that could not be written.</summary>
    /// <exception cref="SweepsException">It could not.</exception>
    public static void CheckFile(Option<string?> option, ParseResult parsed)
    {
        if (parsed.GetValue(option) is not { } file)
            return;
        PictureSize.CheckEnding(option, file);
        OutputPlace.CheckFile(option, file);
    }

    /// <summary>Refuses samples that are no pictures, or have no class.</summary>
    /// <exception cref="SweepsException">They are not.</exception>
    public static void CheckSamples(
        Option<string?> option, ParseResult parsed, SavedModel model, IReadOnlyList<int> shape)
    {
        if (parsed.GetValue(option) is not null && model.Classes.Count == 0)
            throw new SweepsException(
                ErrorKind.Usage,
                $"{option.Name} draws samples with the class that a model names; this one predicts "
                    + $"{(model.Labels.Count > 0 ? "several labels" : "numbers")}. --csv FILE writes the answers.");
        if (parsed.GetValue(option) is not null && (shape.Count != 3 || shape[0] is not (1 or 3)))
            throw new SweepsException(
                ErrorKind.Usage,
                $"{option.Name} draws pictures of 1 or 3 channels; these samples are rows of numbers, or have other "
                    + "channels. --csv FILE writes the answers.");
    }

    /// <summary>Writes them into a file by its ending.</summary>
    /// <param name="file">The file, whose folder is there.</param>
    /// <param name="title">What they are.</param>
    /// <param name="samples">Them; the first <see cref="SamplesMax"/> are drawn.</param>
    /// <param name="shape">Channels, height and width of one.</param>
    /// <param name="note">Takes what the picture lacks.</param>
    /// <exception cref="SweepsException">They are no pictures, or cannot be drawn or written here.</exception>
    public static async Task<WrittenFile> WriteAsync(
        string file, string title, IReadOnlyList<DrawnSample> samples, IReadOnlyList<int> shape, Action<string> note)
    {
        if (samples.Count > SamplesMax)
            note($"--picture: the first {SamplesMax} of {Figures.Count(samples.Count, "sample")} are drawn");
        DrawnSample[] drawn = [.. samples.Take(SamplesMax)];
        var font = PictureFonts.Known.For(
            [title, .. drawn.SelectMany(each => (string[])[each.Key, each.Predicted, each.Truth ?? ""])],
            out var missing);
        if (missing.Length > 0)
            note($"no font here has the letters '{missing}', which are drawn as boxes");
        var rows = (drawn.Length + Columns - 1) / Columns;
        var width = (int)((2 * Edge) + (Columns * Side) + ((Columns - 1) * Gap));
        var height = (int)(Top + (rows * (Side + TextHeight)) + Edge);
        return await ChartFile.WriteAsync(file, width, height, PictureSize.DefaultDpi, canvas =>
        {
            using var bold = new SKFont(PictureFonts.Known.Typeface(font, true), 16);
            using var ink = Filled(s_ink);
            canvas.DrawText(
                NetworkDrawing.Fitting(title, bold, width - (2 * Edge)), Edge, 34, SKTextAlign.Left, bold, ink);
            using var plain = new SKFont(PictureFonts.Known.Typeface(font, false), 12);
            using var soft = Filled(s_soft);
            canvas.DrawText(Legend, Edge, 56, SKTextAlign.Left, plain, soft);
            foreach (var (index, sample) in drawn.Index())
            {
                var (row, column) = Math.DivRem(index, Columns);
                Draw(canvas, sample, shape, font, Edge + (column * (Side + Gap)), Top + (row * (Side + TextHeight)));
            }
        });
    }

    private static void Draw(
        SKCanvas canvas, DrawnSample sample, IReadOnlyList<int> shape, string font, float left, float top)
    {
        var side = Math.Max(shape[1], shape[2]);
        var (width, height) = (Side * shape[2] / side, Side * shape[1] / side);
        var place = SKRect.Create(left + ((Side - width) / 2), top + ((Side - height) / 2), width, height);
        using var bitmap = BitmapOf(sample.Pixels, shape);
        using var image = SKImage.FromBitmap(bitmap);
        // Small ones as squares of their pixels, large ones smoothly.
        canvas.DrawImage(
            image, place, new SKSamplingOptions(side <= Side ? SKFilterMode.Nearest : SKFilterMode.Linear), null);
        var color = sample.Truth is null ? s_ink : sample.Truth == sample.Predicted ? s_right : s_wrong;
        using var frame = new SKPaint { Color = color, IsStroke = true, StrokeWidth = 1.5f, IsAntialias = true };
        canvas.DrawRect(place, frame);
        using var bold = new SKFont(PictureFonts.Known.Typeface(font, true), 12);
        using var plain = new SKFont(PictureFonts.Known.Typeface(font, false), 11);
        using var said = Filled(color);
        using var soft = Filled(s_soft);
        var isWrong = sample.Truth is not null && sample.Truth != sample.Predicted;
        var value = Figures.Metric(sample.Value);
        var mark = isWrong ? 12f : 0;
        if (isWrong)
            Cross(canvas, left + 4, top + Side + 13, color);
        var room = Side - mark - plain.MeasureText(value) - 6;
        canvas.DrawText(
            NetworkDrawing.Fitting(sample.Predicted, bold, room), left + mark, top + Side + 17, SKTextAlign.Left, bold,
            said);
        canvas.DrawText(value, left + Side, top + Side + 17, SKTextAlign.Right, plain, soft);
        var below = sample.Truth is { } truth ? $"is {truth}" : "";
        var key = NetworkDrawing.Fitting(sample.Key, plain, Side / 2);
        canvas.DrawText(key, left + Side, top + Side + 33, SKTextAlign.Right, plain, soft);
        using var ink = Filled(s_ink);
        if (below.Length > 0)
            canvas.DrawText(
                NetworkDrawing.Fitting(below, plain, Side - plain.MeasureText(key) - 6), left, top + Side + 33,
                SKTextAlign.Left, plain, ink);
    }

    private static void Cross(SKCanvas canvas, float x, float y, SKColor color)
    {
        using var line = new SKPaint { Color = color, IsStroke = true, StrokeWidth = 2, IsAntialias = true };
        canvas.DrawLine(x - 4, y - 4, x + 4, y + 4, line);
        canvas.DrawLine(x - 4, y + 4, x + 4, y - 4, line);
    }

    private static SKBitmap BitmapOf(byte[] pixels, IReadOnlyList<int> shape)
    {
        var sample = new SamplePixels(pixels, shape);
        var bitmap = new SKBitmap(sample.Width, sample.Height);
        for (var row = 0; row < sample.Height; row++)
        {
            for (var column = 0; column < sample.Width; column++)
            {
                var (red, green, blue) = sample[row, column];
                bitmap.SetPixel(column, row, new(red, green, blue));
            }
        }

        return bitmap;
    }

    private static SKPaint Filled(SKColor color) => new() { Color = color, IsAntialias = true };
}
