using Spectre.Console;
using Sweeps.Client.Terminal;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep.Results;

/// <summary>How near the predictions of several targets come, a line each.</summary>
internal static class TargetPage
{
    /// <summary>The table.</summary>
    /// <param name="scores">A score a target.</param>
    /// <param name="name">A target's name, from 0.</param>
    public static FittedTable Table(IReadOnlyList<TargetScore> scores, Func<int, string> name)
    {
        var table = Screen.Table(
            ("target", false), ("mean absolute error", true), ("mean squared error", true), ("R2", true));
        foreach (var (target, score) in scores.Index())
            Add(Markup.Escape(VisibleWriter.Text(name(target))), score);
        Add("[bold]mean of targets[/]", TargetScore.Mean(scores));
        return table;

        void Add(string title, TargetScore score) => table.AddRow(
            title, Figures.Metric(score.Error), Figures.Metric(score.SquaredError), Figures.Metric(score.R2));
    }
}
