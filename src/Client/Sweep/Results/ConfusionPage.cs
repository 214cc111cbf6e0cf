using System.Text;
using Spectre.Console;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Sweep.Results;

/// <summary>
/// A confusion matrix as a table: rows are true classes, columns predicted ones, both by the classes' names. Where an
/// earlier version did not keep these, <c>#0</c> is the first class, so that no number looks like a label.
/// </summary>
internal static class ConfusionPage
{
    /// <summary>More classes than this do not fit a terminal.</summary>
    public const int ClassesMax = 20;

    private const int NameWidth = 12;

    /// <summary>The same as CSV, with a header line and the true class first in each row.</summary>
    public static string Csv(int[] confusion, int classes, IReadOnlyList<string>? names)
    {
        var heads = Names(classes, names).Select(CsvField.Of).ToList();
        var lines = new StringBuilder().Append("true,").AppendJoin(',', heads).Append('\n');
        for (var row = 0; row < classes; row++)
        {
            lines.Append(heads[row]).Append(',').AppendJoin(',', confusion.Skip(row * classes).Take(classes))
                .Append('\n');
        }

        return lines.ToString();
    }

    public static FittedTable Table(int[] confusion, int classes, IReadOnlyList<string>? names)
    {
        var heads = Shown([.. Names(classes, names)]);
        var table = Screen.Table(
            [("true \\ predicted", true), .. heads.Select(name => (name, true)), ("recall", true)]);
        for (var row = 0; row < classes; row++)
        {
            var counts = confusion.AsSpan(row * classes, classes);
            var total = 0;
            foreach (var count in counts)
                total += count;
            var cells = new List<string> { Markup.Escape(heads[row]) };
            for (var column = 0; column < classes; column++)
            {
                var count = counts[column];
                cells.Add(count == 0 ? "[dim].[/]" : row == column ? $"[bold]{count}[/]" : $"{count}");
            }

            cells.Add(total > 0 ? Figures.Metric((double)counts[row] / total) : "-");
            table.AddRow([.. cells]);
        }

        return table;
    }

    private static IEnumerable<string> Names(int classes, IReadOnlyList<string>? names) =>
        names?.Count == classes ? names : Enumerable.Range(0, classes).Select(index => $"#{index}");

    /// <summary>Short enough for a column; two classes never look like one.</summary>
    public static List<string> Shown(IReadOnlyList<string> names, int width = NameWidth)
    {
        var lines = names.Select(name => VisibleWriter.Text(
            string.Concat(name.Select(letter => char.IsControl(letter) ? ' ' : letter)))).ToList();
        var shown = lines.Select(line => line.Length <= width ? line : Cut(line, "..", width)).ToList();
        var twice = shown.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet();
        return [.. shown.Select(
            (name, index) => twice.Contains(name) ? Cut(lines[index], $"..#{index}", width) : name)];
    }

    private static string Cut(string line, string end, int width)
    {
        var length = Math.Min(line.Length, width - end.Length);
        return (length > 0 && char.IsHighSurrogate(line[length - 1]) ? line[..(length - 1)] : line[..length]) + end;
    }
}
