using System.Text;
using System.Text.Json;

namespace Sweeps.Core.SweepFile.Syntax;

/// <summary>Reads JSON: a YAML parser stumbles over tabs and surrogate escapes that are good JSON.</summary>
internal static class JsonSource
{
    /// <summary>The file as nodes.</summary>
    /// <exception cref="SourceException">It is not JSON, or breaks a limit.</exception>
    public static SourceNode Read(string text, ProblemList problems)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var lines = new LineIndex(bytes);
        var builder = new SourceBuilder();
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = SourceLimits.Depth + 1 });
        try
        {
            while (reader.Read())
                Take(ref reader, builder, lines.At(reader.TokenStartIndex));
        }
        catch (JsonException e)
        {
            var place = lines.At((int)(e.LineNumber ?? 0), e.BytePositionInLine ?? 0);
            throw new SourceException(place, $"not valid JSON: {Clean(e.Message)}");
        }
        catch (InvalidOperationException)
        {
            throw new SourceException(
                lines.At(reader.TokenStartIndex), "not valid JSON: the text holds half of a surrogate pair");
        }

        problems.AddRange(builder.Duplicates);
        return builder.Root!;
    }

    private static void Take(ref Utf8JsonReader reader, SourceBuilder builder, SourcePosition position)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                builder.Open(position, reader.TokenType == JsonTokenType.StartObject);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                builder.Close();
                break;
            case JsonTokenType.PropertyName:
                builder.AddKey(position, reader.GetString()!);
                break;
            case JsonTokenType.String:
                builder.Add(new SourceScalar(position, reader.GetString()!, isQuoted: true));
                break;
            default:
                builder.Add(new SourceScalar(position, Encoding.UTF8.GetString(reader.ValueSpan), isQuoted: false));
                break;
        }
    }

    private static string Clean(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        message = end >= 0 ? message[..end] : message;

        // Advice to the programmer, not to whoever wrote the file.
        return message.Replace(" in this mode", "", StringComparison.Ordinal)
            .Replace(" Change the reader options.", "", StringComparison.Ordinal);
    }

    /// <summary>Byte offsets to lines and columns.</summary>
    private sealed class LineIndex
    {
        private readonly List<int> _starts = [0];
        private readonly byte[] _bytes;

        public LineIndex(byte[] bytes)
        {
            _bytes = bytes;
            for (var i = 0; i < bytes.Length; i++)
            {
                if (bytes[i] == (byte)'\n')
                    _starts.Add(i + 1);
            }
        }

        public SourcePosition At(long offset)
        {
            var line = _starts.BinarySearch((int)offset);
            line = line < 0 ? ~line - 1 : line;
            return At(line, offset - _starts[line]);
        }

        /// <summary>The place so many bytes into a line, both from 0.</summary>
        public SourcePosition At(int line, long bytes)
        {
            var start = _starts[Math.Min(line, _starts.Count - 1)];
            var length = (int)Math.Min(bytes, _bytes.Length - start);
            return new(line + 1, Encoding.UTF8.GetCharCount(_bytes, start, length) + 1);
        }
    }
}
