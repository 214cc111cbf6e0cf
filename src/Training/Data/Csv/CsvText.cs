using System.Text;
using System.Text.Unicode;
using CsvHelper;
using Sweeps.Core;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data.Csv;

/// <summary>
/// The text of a table, field by field: UTF-8 as in RFC 4180 (quotes, doubled quotes, line breaks inside quotes; CRLF,
/// LF or CR ends a row; empty lines are skipped). The separator is a comma, semicolon, tab or bar, whichever the first
/// lines are separated by, unless it is said.
/// </summary>
internal sealed class CsvText
{
    private readonly string _path;
    private readonly CsvReader _reader;

    private CsvText(byte[] text, string path, TableReading reading)
    {
        Check(text, path);
        _path = path;
        _reader = CsvReader.Create(text, new()
        {
            HasHeader = false,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            OnMalformedRecord = RefuseQuotes,
            Separator = SeparatorOf(text, reading, path),
        });
    }

    /// <summary>Opens it before its first row.</summary>
    /// <exception cref="SweepsException">It is empty, or no UTF-8. Reading on throws the same for wrong quotes.
    /// </exception>
    public static CsvReader Open(byte[] text, string path, TableReading reading) =>
        new CsvText(text, path, reading)._reader;

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="SweepsException">It cannot be read.</exception>
    public static byte[] BytesOf(string path)
    {
        try
        {
            return RegularFile.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(ErrorKind.Data, $"{path}: cannot be read: {error.Message}", error);
        }
    }

    // A decimal comma makes commas the commonest sign of a table that is separated by another.
    private static char? SeparatorOf(byte[] text, TableReading reading, string path)
    {
        if (reading is { DecimalComma: true, Separator: "," })
            throw new SweepsException(
                ErrorKind.Data, $"{path}: the comma cannot be both the decimal sign and the separator.");
        if (reading.Separator is { } said)
            return said == "tab" ? '\t' : said[0];
        if (!reading.DecimalComma)
            return null;
        var start = text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var line = text.AsSpan(start);
        if (line.StartsWith("sep="u8))
            return null;
        var end = line.IndexOfAny((byte)'\n', (byte)'\r');
        var first = (end < 0 ? line : line[..end]).ToArray();
        return new[] { ';', '\t', '|' }.MaxBy(sign => first.Count(letter => letter == sign));
    }

    private static void Check(byte[] text, string path)
    {
        var start = text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        if (text.AsSpan(start).Trim(" \t\r\n"u8).IsEmpty)
            throw new SweepsException(ErrorKind.Data, $"{path}: the file is empty.");
        if (Utf8.IsValid(text))
            return;
        var valid = 0;
        while (Rune.DecodeFromUtf8(text.AsSpan(valid), out _, out var length) == System.Buffers.OperationStatus.Done)
            valid += length;
        if (text is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
        {
            throw new SweepsException(
                ErrorKind.Data, $"{path}: the text is UTF-16 ('Unicode' of some programs). Save the file as UTF-8.");
        }

        var line = 1 + text.AsSpan(0, valid).Count((byte)'\n');
        throw new SweepsException(
            ErrorKind.Data,
            $"{path}: line {line}: the byte 0x{text[valid]:x2} (at {valid}) is not UTF-8. Save the file as UTF-8.");
    }

    private void RefuseQuotes(CsvMalformedRecord record)
    {
        if (record.Reason == CsvMalformedReason.StrayQuote)
            return; // Ordinary text, as other programs take it.
        var what = record.Reason == CsvMalformedReason.UnterminatedQuote
            ? "a quote is opened and not closed"
            : "text follows a closing quote; inside quotes a quote is written twice";
        throw new SweepsException(
            ErrorKind.Data, $"{_path}: line {record.LineNumber}, column {ColumnOfFault(record.RawRecord)}: {what}.");
    }

    // The field whose quotes are wrong, from 1: the first one that has quotes and does not end with them.
    private int ColumnOfFault(ReadOnlySpan<char> record)
    {
        for (var column = 1; ; column++)
        {
            record = record.TrimStart(" \t");
            var quoted = record.StartsWith('"');
            while (record.StartsWith('"'))
            {
                var end = record[1..].IndexOf('"');
                if (end < 0)
                    return column;
                record = record[(end + 2)..];
            }

            var separator = record.IndexOf(_reader.Separator);
            var rest = separator < 0 ? record : record[..separator];
            if (separator < 0 || (quoted && !rest.Trim(" \t").IsEmpty))
                return column;
            record = record[(separator + 1)..];
        }
    }
}

/// <summary>A table has no such column, or several.</summary>
/// <param name="message">What is wrong, and what is allowed.</param>
/// <param name="column">What the column is for: <c>label</c>, <c>group</c>, <c>ignore</c> or <c>one_hot</c>.</param>
public sealed class LabelColumnException(string message, string column) : SweepsException(ErrorKind.Data, message)
{
    /// <summary>What the column is for, as the sweep file calls it.</summary>
    public string Column => column;
}
