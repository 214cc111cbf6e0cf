using System.Globalization;
using SkiaSharp;
using Sweeps.Client.Terminal;
using Sweeps.Core.Networks;

namespace Sweeps.Client.Plots;

/// <summary>
/// A network from its input down: a block a layer, as wide as the logarithm of its number of outputs, with its shape,
/// its weights and their share. Blocks with weights are dark, others are light and framed.
/// </summary>
internal static class NetworkDrawing
{
    /// <summary>Of a picture, in points.</summary>
    public const int Width = 860;

    private const float RowHeight = 46;
    private const float BlockHeight = 24;
    private const float Top = 64;
    private const float NameRight = 300;
    private const float BlockCentre = 440;
    private const float BlockWidthMax = 240;
    private const float ShapeLeft = 580;
    private const float WeightsRight = 850;

    private static readonly SKColor s_ink = SKColor.Parse("#1b1f24");
    private static readonly SKColor s_soft = SKColor.Parse("#57606a");
    private static readonly SKColor s_full = SKColor.Parse("#0072b2");
    private static readonly SKColor s_empty = SKColor.Parse("#dfe5ea");

    /// <summary>Its height, in points.</summary>
    public static int HeightOf(NetworkShape plan) => (int)(Top + (RowHeight * (plan.Layers.Count + 1)) + 16);

    /// <summary>Writes it into a file by its ending.</summary>
    /// <param name="file">The file, whose folder is there.</param>
    /// <param name="plan">The network on its data.</param>
    /// <param name="subject">What the data are, in words.</param>
    /// <param name="note">Takes what the picture lacks.</param>
    public static Task<WrittenFile> WriteAsync(string file, NetworkShape plan, string subject, Action<string> note) =>
        ChartFile.WriteAsync(file, Width, HeightOf(plan), PictureSize.DefaultDpi, canvas =>
        {
            var font = PictureFonts.Known.For([plan.Architecture.Name ?? "", subject], out var missing);
            if (missing.Length > 0)
                note($"no font here has the letters '{missing}', which are drawn as boxes");
            Draw(canvas, plan, subject, font);
        });

    private static void Draw(SKCanvas canvas, NetworkShape plan, string subject, string font)
    {
        using var bold = new SKFont(PictureFonts.Known.Typeface(font, true), 16);
        using var plain = new SKFont(PictureFonts.Known.Typeface(font, false), 13);
        using var ink = Filled(s_ink);
        using var soft = Filled(s_soft);
        canvas.DrawText(
            Fitting($"{plan.Architecture.Name ?? "network"} on {subject}", bold, Width - 24), 12, 26, SKTextAlign.Left,
            bold, ink);
        var statistics = plan.Statistics > 0 ? $", {Number(plan.Statistics)} statistics" : "";
        canvas.DrawText(
            $"{Number(plan.Weights)} weights{statistics}, {ByteSize.Text(plan.ParameterBytes)} of parameters",
            12, 46, SKTextAlign.Left, plain, soft);
        var largest = plan.Layers.Select(layer => layer.Output.Size).Append(plan.Input.Size).Max();
        Row(0, "input", plan.Input, 0);
        foreach (var (index, layer) in plan.Layers.Index())
            Row(index + 1, layer.Layer.ToString(), layer.Output, layer.Weights);

        void Row(int row, string name, TensorShape shape, long weights)
        {
            var middle = Top + (RowHeight * row) + (RowHeight / 2);
            if (row > 0)
                Arrow(canvas, middle - RowHeight + (BlockHeight / 2), middle - (BlockHeight / 2));
            Block(canvas, middle, BlockWidthMax * MathF.Max(0.04f, Log(shape.Size) / Log(largest)), weights > 0);
            var line = middle + 5;
            canvas.DrawText(Fitting(name, plain, NameRight - 12), NameRight, line, SKTextAlign.Right, plain, ink);
            canvas.DrawText(shape.ToString(), ShapeLeft, line, SKTextAlign.Left, plain, ink);
            if (weights > 0)
                canvas.DrawText(
                    $"{Number(weights)} ({100.0 * weights / plan.Weights:0.0} %)", WeightsRight, line,
                    SKTextAlign.Right, plain, ink);
        }
    }

    private static float Log(long size) => MathF.Log(1 + size);

    private static void Block(SKCanvas canvas, float middle, float width, bool isFull)
    {
        var place = SKRect.Create(BlockCentre - (width / 2), middle - (BlockHeight / 2), width, BlockHeight);
        using var fill = Filled(isFull ? s_full : s_empty);
        canvas.DrawRoundRect(place, 3, 3, fill);
        if (isFull)
            return;
        using var frame = Stroke(s_soft, 1);
        canvas.DrawRoundRect(place, 3, 3, frame);
    }

    private static void Arrow(SKCanvas canvas, float from, float to)
    {
        using var line = Stroke(s_soft, 1.2f);
        canvas.DrawLine(BlockCentre, from, BlockCentre, to, line);
        canvas.DrawLine(BlockCentre - 3.5f, to - 5, BlockCentre, to, line);
        canvas.DrawLine(BlockCentre + 3.5f, to - 5, BlockCentre, to, line);
    }

    /// <summary>A text, cut where it is wider than its place.</summary>
    internal static string Fitting(string text, SKFont font, float width)
    {
        var length = text.Length;
        while (length > 1 && font.MeasureText(ShortText.Of(text, length)) > width)
            length--;
        return ShortText.Of(text, Math.Max(2, length));
    }

    private static SKPaint Filled(SKColor color) => new() { Color = color, IsAntialias = true };

    private static SKPaint Stroke(SKColor color, float width) => new()
    {
        Color = color,
        IsAntialias = true,
        IsStroke = true,
        StrokeWidth = width,
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
