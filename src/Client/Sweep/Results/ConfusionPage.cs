using Spectre.Console;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Sweep.Results;

/// <summary>A confusion matrix as a table: rows are true classes, columns predicted ones.</summary>
internal static class ConfusionPage
{
    /// <summary>More classes than this do not fit a terminal.</summary>
    public const int ClassesMax = 20;

    /// <summary>The same as CSV, with a header line and the true class first in each row.</summary>
    public static string Csv(int[] confusion, int classes)
    {
        var lines = new List<string> { $"true,{string.Join(',', Enumerable.Range(0, classes))}" };
        for (var row = 0; row < classes; row++)
            lines.Add($"{row},{string.Join(',', confusion.Skip(row * classes).Take(classes))}");
        return string.Join('\n', lines) + "\n";
    }

    public static FittedTable Table(int[] confusion, int classes)
    {
        var columns = Enumerable.Range(0, classes).Select(index => ($"{index}", true));
        var table = Screen.Table([("true \\ predicted", true), .. columns, ("recall", true)]);
        for (var row = 0; row < classes; row++)
        {
            var counts = confusion.AsSpan(row * classes, classes);
            var total = 0;
            foreach (var count in counts)
                total += count;
            var cells = new List<string> { $"{row}" };
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
}
