using System.Text.RegularExpressions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sweeps.Client.Terminal;

/// <summary>
/// Wraps a line that is wider than the terminal between words, and indents what follows to where the line's text began:
/// behind its label, or behind its leading spaces.
/// </summary>
internal sealed partial class HangingIndent : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
        renderables.Select(one => one is Text or Markup or Paragraph ? new Line(one) : one);

    /// <summary>A line whose text begins at a column of its own, in Spectre's markup.</summary>
    public static IRenderable At(int column, string markup) => new Line(new Markup(markup), column);

    /// <summary>Where the text of a line begins.</summary>
    private static int IndentOf(string line) => Beginning().Match(line).Length;

    // A label of up to 14 letters with at least two spaces after it, or leading spaces.
    [GeneratedRegex(@"^(\S(.{0,12}?\S)? {2,14}(?=\S)| *)")]
    private static partial Regex Beginning();

    private sealed class Line(IRenderable text, int? column = null) : Renderable
    {
        private const int Unlimited = 100_000;

        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            var isFirst = true;
            foreach (var line in Segment.SplitLines(text.Render(options, Unlimited)))
            {
                if (!isFirst)
                    yield return Segment.LineBreak;
                isFirst = false;
                foreach (var segment in line.CellCount() <= maxWidth ? line : Wrapped(line, maxWidth))
                    yield return segment;
            }
        }

        private IEnumerable<Segment> Wrapped(SegmentLine line, int width)
        {
            var letters = line.SelectMany(segment => segment.Text.Select(letter => (letter, segment.Style))).ToList();
            var indent = column ?? IndentOf(string.Concat(line.Select(segment => segment.Text)));
            if (indent > width / 2)
                indent = 0;
            var room = width;
            while (letters.Count > 0)
            {
                var end = letters.Count <= room ? letters.Count : BreakBefore(letters, room);
                foreach (var (letter, style) in letters.Take(end))
                    yield return new($"{letter}", style);
                letters.RemoveRange(0, end);
                while (letters.Count > 0 && letters[0].letter == ' ')
                    letters.RemoveAt(0);
                if (letters.Count == 0)
                    continue;
                yield return Segment.LineBreak;
                yield return new(new string(' ', indent));
                room = width - indent;
            }
        }

        /// <summary>The last space at which the first line may end; a word that is longer is cut.</summary>
        private static int BreakBefore(List<(char letter, Style style)> letters, int room)
        {
            for (var index = room; index > room / 2; index--)
            {
                if (letters[index].letter == ' ')
                    return index;
            }

            return room;
        }
    }
}
