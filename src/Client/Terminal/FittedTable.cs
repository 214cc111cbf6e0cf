using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sweeps.Client.Terminal;

/// <summary>
/// A table that fits its terminal: numbers are never broken, headers break between words and are cut last, texts share
/// what room is left, and where that is not enough, optional columns go and are named below. No line ends in spaces.
/// </summary>
/// <param name="columns">Title, and whether the column holds numbers; a text column's cells may be wrapped.</param>
internal sealed class FittedTable(IReadOnlyList<(string Title, bool IsNumber)> columns) : Renderable
{
    // Spaces before the first column, and between two.
    private const int Edge = 2;
    private const int Gap = 2;
    private const int TextMin = 8;
    private readonly List<string[]> _rows = [];
    private string[] _optional = [];
    private int _whole;

    // Longer cells of a whole column have a line of their own where there is no room.
    private const int WholeMax = 30;

    /// <summary>The columns that may go, the first to go first.</summary>
    public FittedTable Optional(params string[] titles)
    {
        _optional = titles;
        return this;
    }

    /// <summary>Cells of the first columns are never broken; one of the very first that is too long for its column
    /// stands on a line of its own, above the rest of its row.</summary>
    public FittedTable Whole(int first)
    {
        _whole = first;
        return this;
    }

    /// <summary>An empty line above; a table before it has one below already.</summary>
    public bool HasSpaceAbove { get; set; } = true;

    /// <summary>Adds a row of cells in Spectre's markup, one a column.</summary>
    public void AddRow(params string[] cells) => _rows.Add(cells);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var shown = Enumerable.Range(0, columns.Count).ToList();
        var gone = new List<string>();
        foreach (var title in _optional)
        {
            if (LeastWidth(shown) <= maxWidth)
                break;
            if (shown.RemoveAll(index => columns[index].Title == title) > 0)
                gone.Add(title);
        }

        var widths = Widths(shown, maxWidth);
        if (HasSpaceAbove)
            yield return Segment.LineBreak;
        var titles = shown.Select(index => Markup.Escape(Broken(columns[index].Title, widths[index]))).ToList();
        foreach (var segment in Row(titles, shown, widths, options))
            yield return segment;
        yield return new(new string('\u2500', Edge + widths.Values.Sum() + (Gap * (shown.Count - 1))));
        yield return Segment.LineBreak;
        foreach (var row in _rows)
        {
            List<string> cells = [.. shown.Select(index => row[index])];
            if (_whole > 0 && Cells(row[0].RemoveMarkup()) > widths[0])
            {
                yield return new(new string(' ', Edge));
                foreach (var segment in ((IRenderable)new Markup(row[0])).Render(options, int.MaxValue))
                    yield return segment;
                yield return Segment.LineBreak;
                cells[0] = "";
            }

            foreach (var segment in Row(cells, shown, widths, options))
                yield return segment;
        }

        yield return Segment.LineBreak;
        if (gone.Count > 0)
        {
            yield return new($"  not shown for want of room: {string.Join(", ", gone)}");
            yield return Segment.LineBreak;
        }
    }

    /// <summary>The lines of one row; a cell of several lines begins in the first.</summary>
    private IEnumerable<Segment> Row(
        IReadOnlyList<string> cells, List<int> shown, Dictionary<int, int> widths, RenderOptions options)
    {
        var lines = cells.Zip(shown, (cell, index) =>
            Segment.SplitLines(((IRenderable)new Markup(cell)).Render(options, widths[index]))).ToList();
        for (var line = 0; line < lines.Max(cell => cell.Count); line++)
        {
            // Spaces are written only before something: a line has none at its end.
            var spaces = Edge;
            foreach (var (cell, index) in lines.Zip(shown))
            {
                var segments = line < cell.Count ? Trimmed(cell[line]) : [];
                var length = segments.Sum(segment => segment.CellCount());
                var before = columns[index].IsNumber ? widths[index] - length : 0;
                if (length > 0)
                {
                    yield return new(new string(' ', spaces + before));
                    foreach (var segment in segments)
                        yield return segment;
                    spaces = 0;
                }

                spaces += Gap + widths[index] - (length > 0 ? length + before : 0);
            }

            yield return Segment.LineBreak;
        }
    }

    /// <summary>Without the spaces at its end, which wrapping leaves.</summary>
    private static List<Segment> Trimmed(SegmentLine line)
    {
        var segments = line.ToList();
        while (segments.Count > 0 && string.IsNullOrWhiteSpace(segments[^1].Text))
            segments.RemoveAt(segments.Count - 1);
        if (segments.Count > 0)
            segments[^1] = new(segments[^1].Text.TrimEnd(), segments[^1].Style);
        return segments;
    }

    private Dictionary<int, int> Widths(List<int> shown, int maxWidth)
    {
        var widths = shown.ToDictionary(index => index, Least);
        var room = maxWidth - LeastWidth(shown);
        // Texts first: a name in one line reads better than a header in one line. What may
        // have a line of its own comes last.
        foreach (var index in shown.OrderBy(index => columns[index].IsNumber)
            .ThenBy(index => _whole > 0 && index == 0))
        {
            var more = Math.Min(Math.Max(room, 0), Most(index) - widths[index]);
            widths[index] += more;
            room -= more;
        }

        // Not even the least fits: headers of numbers are cut, the longest first, then texts give way; never numbers.
        while (room < 0
            && shown.Where(index => columns[index].IsNumber && widths[index] > Math.Max(2, WidestCell(index)))
                .OrderByDescending(index => widths[index]).Take(1).ToList() is [var longest])
        {
            widths[longest]--;
            room++;
        }

        foreach (var index in shown.Where(index => !columns[index].IsNumber).OrderByDescending(index => widths[index]))
        {
            var less = Math.Min(Math.Max(-room, 0), widths[index] - 1);
            widths[index] -= less;
            room += less;
        }

        return widths;
    }

    private int LeastWidth(List<int> shown) => Edge + shown.Sum(Least) + (Gap * (shown.Count - 1));

    private int Least(int index)
    {
        var (title, isNumber) = columns[index];
        var cells = WidestCell(index);
        var word = title.Split(' ').Max(Cells);
        if (_whole > 0 && index == 0)
            return _rows.Select(row => Cells(row[0].RemoveMarkup())).Where(wide => wide <= WholeMax).Append(word).Max();
        return Math.Max(word, isNumber || index < _whole ? cells : Math.Min(cells, TextMin));
    }

    private int Most(int index) => Math.Max(Cells(columns[index].Title), WidestCell(index));

    private int WidestCell(int index) =>
        _rows.Count == 0 ? 1 : Math.Max(1, _rows.Max(row => row[index].RemoveMarkup().Split('\n').Max(Cells)));

    // Of a terminal: a Chinese character takes two.
    private static int Cells(string text) => new Segment(text).CellCount();

    /// <summary>The title with line breaks between words, as its width asks for.</summary>
    private static string Broken(string title, int width)
    {
        var text = new StringBuilder();
        var column = 0;
        foreach (var whole in title.Split(' '))
        {
            var word = Cells(whole) <= width ? whole : Cut(whole, width - 1) + "\u2026";
            if (column > 0 && column + 1 + Cells(word) > width)
            {
                text.Append('\n');
                column = 0;
            }
            else if (column > 0)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += Cells(word);
        }

        return text.ToString();
    }

    private static string Cut(string word, int width)
    {
        var cut = new StringBuilder();
        foreach (var rune in word.EnumerateRunes())
        {
            if (Cells($"{cut}{rune}") > width)
                break;
            cut.Append(rune);
        }

        return cut.ToString();
    }
}
