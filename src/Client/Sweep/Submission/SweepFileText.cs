using System.Buffers;
using System.Globalization;
using System.Text;
using Sweeps.Core;

namespace Sweeps.Client.Sweep.Submission;

/// <summary>The text of a file that a person wrote, in whichever encoding its editor says it has.</summary>
internal static class SweepFileText
{
    /// <summary>Reads UTF-8, or UTF-16 and UTF-32 with a byte order mark.</summary>
    /// <exception cref="SweepsException">The file is missing, or in another encoding; the message has the place of the
    /// first byte that is not UTF-8.</exception>
    public static string Of(string path)
    {
        byte[] bytes;
        try
        {
            if (Directory.Exists(path))
                throw new SweepsException(ErrorKind.Usage, $"'{path}' is a folder; name a sweep file in it.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SweepsException(
                ErrorKind.Usage, $"There is no sweep file '{path}' ({Path.GetFullPath(path)}){Hint(path)}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Usage, $"The sweep file '{path}' cannot be read: {error.Message}", error);
        }

        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..])
        {
            using var reader = new StreamReader(new MemoryStream(bytes));
            return reader.ReadToEnd();
        }

        var text = bytes.AsSpan(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0);
        if (FirstWrong(text) is { } wrong)
        {
            var before = text[..wrong];
            var line = before.Count((byte)'\n') + 1;
            var start = before.LastIndexOf((byte)'\n') + 1;
            var column = Encoding.UTF8.GetCharCount(before[start..]) + 1;
            throw new SweepsException(ErrorKind.Usage, string.Create(
                CultureInfo.InvariantCulture, $"{path}:{line}:{column}: the byte {text[wrong]:X2} is not UTF-8 (in "
                    + $"Windows-1252 it is '{(char)text[wrong]}'); save the file as UTF-8"));
        }

        return Encoding.UTF8.GetString(text);
    }

    private static string Hint(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            return $": there is no folder '{folder}'.";
        try
        {
            var files = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file))
                .Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json").Order(StringComparer.Ordinal);
            return NearestName.Find(Path.GetFileName(path), files) is { } near
                ? $"; did you mean '{Path.Combine(Path.GetDirectoryName(path)!, near)}'?" : ".";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ".";
        }
    }

    private static int? FirstWrong(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf8(text[at..], out _, out var length) != OperationStatus.Done)
                return at;
            at += length;
        }

        return null;
    }
}
