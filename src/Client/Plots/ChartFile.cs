using System.CommandLine;
using System.Text;
using SkiaSharp;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core;

namespace Sweeps.Client.Plots;

/// <summary>How large a picture is.</summary>
/// <param name="Width">In points of the layout, of which 96 make an inch; null: the picture's own.</param>
/// <param name="Height">Likewise.</param>
/// <param name="Dpi">Pixels an inch, for PNG; SVG and PDF have none.</param>
internal sealed record PictureSize(int? Width = null, int? Height = null, int Dpi = PictureSize.DefaultDpi)
{
    /// <summary>Two pixels a point: sharp on slides.</summary>
    public const int DefaultDpi = 192;

    /// <summary>Points an inch.</summary>
    public const int PointsPerInch = 96;

    /// <summary>The endings that a picture may have.</summary>
    public static readonly string[] Endings = [".png", ".svg", ".pdf"];

    /// <summary>Whether a file's ending names a format.</summary>
    public static bool HasEnding(string file) => Endings.Contains(Path.GetExtension(file).ToLowerInvariant());

    /// <summary>Refuses a file whose ending names no format.</summary>
    /// <exception cref="SweepsException">It names none.</exception>
    public static void CheckEnding(Symbol option, string file)
    {
        if (!HasEnding(file))
            throw OptionValues.Bad(option, file, "a file that ends in .png, .svg or .pdf");
    }
}

/// <summary>Writes what is drawn on a canvas as PNG, SVG or PDF.</summary>
internal static class ChartFile
{
    private const float PdfPointsPerPoint = 72f / PictureSize.PointsPerInch;

    /// <summary>Writes a drawing into a file by its ending.</summary>
    /// <param name="file">The file, whose folder is there.</param>
    /// <param name="width">In points.</param>
    /// <param name="height">In points.</param>
    /// <param name="dpi">For PNG.</param>
    /// <param name="draw">Draws it, in points.</param>
    /// <exception cref="SweepsException">It cannot be drawn on this machine, or not be written.</exception>
    public static async Task<WrittenFile> WriteAsync(
        string file, int width, int height, int dpi, Action<SKCanvas> draw)
    {
        try
        {
            var bytes = Path.GetExtension(file).ToLowerInvariant() switch
            {
                ".svg" => Svg(width, height, draw),
                ".pdf" => Pdf(width, height, draw),
                _ => Png(width, height, dpi, draw),
            };
            return await ResultFiles.WriteAsync(
                Path.GetDirectoryName(Path.GetFullPath(file))!, Path.GetFileName(file), bytes);
        }
        catch (Exception error) when (IsMissingLibrary(error))
        {
            throw new SweepsException(
                ErrorKind.Environment,
                "The library that draws pictures (SkiaSharp) cannot be loaded on this machine: "
                    + $"{error.GetBaseException().Message.TrimEnd('.')}. The page of 'sweeps report' needs no library.",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Usage, $"The picture cannot be written to '{file}': {error.Message}", error);
        }
    }

    private static bool IsMissingLibrary(Exception error) =>
        error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
        || (error is TypeInitializationException && error.InnerException is { } inner && IsMissingLibrary(inner));

    private static byte[] Png(int width, int height, int dpi, Action<SKCanvas> draw)
    {
        var scale = (float)dpi / PictureSize.PointsPerInch;
        var info = new SKImageInfo((int)MathF.Round(width * scale), (int)MathF.Round(height * scale));
        using var surface = SKSurface.Create(info) ?? throw new SweepsException(
            ErrorKind.Usage,
            $"A picture of {info.Width} x {info.Height} pixels is too large for this machine; take a smaller --size or "
                + "--dpi.");
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return PngImage.WithResolution(data.ToArray(), dpi);
    }

    private static byte[] Svg(int width, int height, Action<SKCanvas> draw)
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream))
        {
            canvas.Clear(SKColors.White);
            draw(canvas);
        }

        // A reader without the font takes one of like widths.
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(stream.ToArray()).Replace(
            $"font-family=\"{PictureFonts.Own}\"",
            $"font-family=\"{PictureFonts.Own}, 'DejaVu Sans', Verdana, sans-serif\"",
            StringComparison.Ordinal));
    }

    private static byte[] Pdf(int width, int height, Action<SKCanvas> draw)
    {
        using var stream = new MemoryStream();
        using (var document = SKDocument.CreatePdf(stream))
        {
            var canvas = document.BeginPage(width * PdfPointsPerPoint, height * PdfPointsPerPoint);
            canvas.Scale(PdfPointsPerPoint);
            draw(canvas);
            document.EndPage();
            document.Close();
        }

        return stream.ToArray();
    }
}
