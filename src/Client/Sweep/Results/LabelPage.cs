using Spectre.Console;
using Sweeps.Client.Terminal;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep.Results;

/// <summary>How well each of several labels is told, a line each.</summary>
internal static class LabelPage
{
    /// <summary>The table: true and false positives and negatives, and what follows from them.</summary>
    /// <param name="scores">A score a label.</param>
    /// <param name="name">A label's name, from 0.</param>
    private static FittedTable Table(IReadOnlyList<LabelScore> scores, Func<int, string> name)
    {
        var table = Screen.Table(
            ("label", false), ("TP", true), ("FP", true), ("FN", true), ("TN", true), ("precision", true),
            ("recall", true), ("F1", true), ("ROC AUC", true));
        foreach (var (label, score) in scores.Index())
        {
            table.AddRow(
                Markup.Escape(VisibleWriter.Text(name(label))), Figures.Count(score.TruePositives),
                Figures.Count(score.FalsePositives), Figures.Count(score.FalseNegatives),
                Figures.Count(score.TrueNegatives), Figures.Metric(score.Precision), Figures.Metric(score.Recall),
                Figures.Metric(score.F1), Figures.Metric(score.RocAuc));
        }

        table.AddRow(
            "[bold]mean of labels[/]", "", "", "", "", Mean(score => score.Precision), Mean(score => score.Recall),
            Mean(score => score.F1), Mean(score => score.RocAuc));
        return table;

        string Mean(Func<LabelScore, double> number) => Figures.Metric(LabelScore.Macro(scores, number));
    }

    /// <summary>A line with the share of the samples that have all labels right, and the table.</summary>
    public static void Write(
        IAnsiConsole console, string start, IReadOnlyList<LabelScore> scores, double? exact, Func<int, string> name)
    {
        console.WriteLine($"{start}{Figures.Metric(exact ?? double.NaN)}, the share of samples with all labels right");
        console.Write(Table(scores, name));
    }

    /// <summary>The labels that a model says a sample has, or that it has: <c>red, big</c>.</summary>
    /// <param name="names">All of them.</param>
    /// <param name="isThere">Whether one is there, from 0.</param>
    public static string Listed(IReadOnlyList<string> names, Func<int, bool> isThere)
    {
        var there = names.Where((_, label) => isThere(label)).Select(VisibleWriter.Text).ToList();
        return there.Count > 0 ? string.Join(", ", there) : "none";
    }
}
