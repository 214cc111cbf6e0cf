using Spectre.Console;
using Sweeps.Client.Terminal;
using Sweeps.Core.Results;

namespace Sweeps.Client.Sweep.Show;

/// <summary>The configurations whose folds are not all in, with means over the folds there are.</summary>
internal sealed class PartialTable(IReadOnlyList<PartialScore> scores, string metric, ArchitectureNames names)
{
    private const int RowsShown = 20;

    public void Write(IAnsiConsole console)
    {
        if (scores.Count == 0)
            return;
        var searched = SearchedParameters.SoFar([], scores, names);
        var table = Screen.Table(
            ("so far", true), ("architecture", false), ("searched", false), (metric.Replace('_', ' '), true),
            ("+-", true), ("folds", true));
        foreach (var score in scores.Take(RowsShown))
        {
            string[] cells =
            [
                $"{score.Index}", names.Of(score.Hyperparameters), Text(score, searched), Figures.Metric(score.Mean),
                double.IsNaN(score.Deviation) ? "-" : Figures.Metric(score.Deviation),
                $"{score.Folds} of {score.Planned}",
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        console.Write(table);
        if (scores.Count > RowsShown)
            console.WriteLine($"  and {scores.Count - RowsShown} more");
        console.WriteLine("  means over the folds there are; a configuration gets its rank when all its folds are in");
    }

    private static string Text(PartialScore score, IReadOnlyList<string> searched) => string.Join(
        ", ",
        searched.Select(name => (Name: name, Text: SearchedParameters.Text(score.Hyperparameters, name)))
            .Where(value => value.Text.Length > 0).Select(value => $"{value.Name.Replace('_', ' ')} {value.Text}"));
}
