using System.Text;
using System.Text.Unicode;
using Sweeps.Core;

namespace Sweeps.Training.Data.Csv;

/// <summary>
/// Reads rows of fields from UTF-8 text (RFC 4180: quotes, doubled quotes, line breaks inside quotes; CRLF, LF or CR
/// ends a row; empty lines are skipped). The separator is the comma, semicolon or tab that the first line has most of.
/// </summary>
internal sealed class CsvReader
{
    private readonly byte[] _text;
    private readonly string _path;
    private readonly byte _separator;
    private readonly List<(int Start, int Length, bool Quoted)> _fields = [];
    private int _at;
    private int _line = 1;

    /// <summary>Starts before the first row.</summary>
    /// <exception cref="SweepsException">The text is empty or not UTF-8.</exception>
    public CsvReader(byte[] text, string path)
    {
        (_text, _path) = (text, path);
        _at = text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0;
        if (text.AsSpan(_at).Trim(" \t\r\n"u8).IsEmpty)
            throw new SweepsException(ErrorKind.Data, $"{path}: the file is empty.");
        CheckUtf8();
        _separator = FindSeparator();
    }

    /// <summary>The line that the current row starts on, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Number of fields in the current row.</summary>
    public int Count => _fields.Count;

    /// <summary>Goes to the next row that is not an empty line.</summary>
    /// <returns>False at the end of the text.</returns>
    /// <exception cref="SweepsException">A quote is not closed, or text follows one.</exception>
    public bool NextRow()
    {
        while (_at < _text.Length && _text[_at] is (byte)'\r' or (byte)'\n')
            SkipLineEnd();
        _fields.Clear();
        Line = _line;
        if (_at >= _text.Length)
            return false;
        while (true)
        {
            _fields.Add(_text.AsSpan(_at).StartsWith("\""u8) ? ReadQuoted() : ReadPlain());
            if (_at >= _text.Length)
                return true;
            if (_text[_at] == _separator)
            {
                _at++;
                continue;
            }

            SkipLineEnd();
            return true;
        }
    }

    /// <summary>
    /// A field of the current row without its quotes, as UTF-8; blanks around unquoted text are not part of it.
    /// </summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var (start, length, quoted) = _fields[index];
            var field = _text.AsSpan(start, length);
            if (!quoted)
                return field.Trim(" \t"u8);
            return field.Contains((byte)'"')
                ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(field).Replace("\"\"", "\"", StringComparison.Ordinal))
                : field;
        }
    }

    /// <summary>A field as text.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    private (int, int, bool) ReadPlain()
    {
        var rest = _text.AsSpan(_at);
        var length = rest.IndexOfAny(_separator, (byte)'\r', (byte)'\n');
        var start = _at;
        _at += length < 0 ? rest.Length : length;
        return (start, _at - start, false);
    }

    private (int, int, bool) ReadQuoted()
    {
        var start = ++_at;
        while (true)
        {
            var length = _text.AsSpan(_at).IndexOfAny((byte)'"', (byte)'\n', (byte)'\r');
            if (length < 0)
                throw Wrong("a quote is opened and not closed");
            _at += length;
            if (_text[_at] != '"')
                SkipLineEnd();
            else if (_at + 1 < _text.Length && _text[_at + 1] == '"')
                _at += 2;
            else
                break;
        }

        var end = _at++;
        if (_at < _text.Length && _text[_at] != _separator && _text[_at] is not ((byte)'\r' or (byte)'\n'))
            throw Wrong("text follows a closing quote; inside quotes a quote is written twice");
        return (start, end - start, true);
    }

    private void SkipLineEnd()
    {
        _at += _text[_at] == '\r' && _at + 1 < _text.Length && _text[_at + 1] == '\n' ? 2 : 1;
        _line++;
    }

    private byte FindSeparator()
    {
        var first = _text.AsSpan(_at).TrimStart("\r\n"u8);
        var end = first.IndexOfAny((byte)'\r', (byte)'\n');
        var line = end < 0 ? first : first[..end];
        var (best, most) = ((byte)',', 0);
        foreach (var candidate in ",;\t"u8)
        {
            var (count, quoted) = (0, false);
            foreach (var letter in line)
            {
                quoted ^= letter == '"';
                count += !quoted && letter == candidate ? 1 : 0;
            }

            if (count > most)
                (best, most) = (candidate, count);
        }

        return best;
    }

    private void CheckUtf8()
    {
        if (Utf8.IsValid(_text))
            return;
        var valid = 0;
        while (Rune.DecodeFromUtf8(_text.AsSpan(valid), out _, out var length) == System.Buffers.OperationStatus.Done)
            valid += length;
        var line = 1 + _text.AsSpan(0, valid).Count((byte)'\n');
        throw new SweepsException(
            ErrorKind.Data,
            $"{_path}: line {line}: the byte 0x{_text[valid]:x2} (at {valid}) is not UTF-8. Save the file as UTF-8.");
    }

    private SweepsException Wrong(string what) =>
        new(ErrorKind.Data, $"{_path}: line {Line}, column {_fields.Count + 1}: {what}.");
}
