using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sweeps.Client.Terminal;

/// <summary>
/// Writes characters that change the direction of text or have no width as <c>\u202e</c>: a name must not make a line
/// read as what it does not say ("Trojan Source", Boucher and Anderson 2021). JSON reads them back as they were.
/// </summary>
/// <param name="writer">Where it is written to.</param>
/// <param name="isTerminal">
/// Whether that is a terminal: what one that was closed does not take is for nobody to read, and no reason to end.
/// </param>
internal sealed class VisibleWriter(TextWriter writer, bool isTerminal = false)
    : TextWriter(CultureInfo.InvariantCulture)
{
    private static readonly SearchValues<char> s_hidden = SearchValues.Create(
        "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff");

    /// <summary>A text as it will be written, for whoever must know its width.</summary>
    public static string Text(string text)
    {
        if (text.AsSpan().IndexOfAny(s_hidden) < 0)
            return text;
        using var written = new StringWriter(CultureInfo.InvariantCulture);
        using var visible = new VisibleWriter(written);
        visible.Write(text);
        return written.ToString();
    }

    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value) => Write(new ReadOnlySpan<char>(in value));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        try
        {
            WriteVisible(buffer);
        }
        catch (IOException) when (isTerminal)
        {
            // The signal that says so comes by itself.
        }
    }

    private void WriteVisible(ReadOnlySpan<char> buffer)
    {
        while (buffer.IndexOfAny(s_hidden) is >= 0 and var place)
        {
            writer.Write(buffer[..place]);
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)buffer[place]:x4}"));
            buffer = buffer[(place + 1)..];
        }

        writer.Write(buffer);
    }

    public override void WriteLine(string? value)
    {
        Write(value.AsSpan());
        WriteLine();
    }

    public override void WriteLine() => Write(writer.NewLine);

    public override void Flush()
    {
        try
        {
            writer.Flush();
        }
        catch (IOException) when (isTerminal)
        {
            // As above.
        }
    }
}
