using System.Globalization;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Report;

/// <summary>The answer of a sweep in sentences.</summary>
internal static class Findings
{
    // The normal distribution's quantile of 0.975.
    private const double Z95 = 1.959964;
    private const int TargetsNamed = 5;

    /// <summary>What is best and what it costs, what the test set gave, and how sure that is.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="rows">Its leaderboard.</param>
    /// <param name="ties">What counted as a tie.</param>
    /// <param name="name">What a configuration is, in words.</param>
    public static IReadOnlyList<string> Of(
        SweepState state, IReadOnlyList<LeaderboardRow> rows, TieRule ties, Func<LeaderboardRow, string> name)
    {
        var plan = state.Plan;
        var list = new List<string>();
        var done = $"{Figures.Count(state.Totals.Done)} of {Figures.Count(state.Totals.Planned)} trials are done";
        if (!state.IsOver)
            list.Add($"This sweep has not ended: {done}, and all numbers are those so far.");
        else if (state.Status == SweepStatus.Cancelled)
            list.Add($"This sweep was cancelled ({state.Reason}): {done}, and all numbers are theirs.");
        if (rows.FirstOrDefault(row => row.Rank == 1) is not { } best)
        {
            list.Add($"There is no best configuration: {NoBest.Reason(plan, rows)}");
            return list;
        }

        var metric = Words(plan.Metric.Name);
        var spread = double.IsFinite(best.Score.Deviation) ? $" \u00b1 {Figures.Metric(best.Score.Deviation)}" : "";
        var ranked = rows.Count(row => row.Rank is not null);
        var several = plan.HasSeveralObjectives ? $" in {metric}" : "";
        var which = rows.Count == 1
            ? "The one configuration is"
            : rows.Any(row => row.StoppedAt is not null)
                ? $"The best{several} of the {Figures.Count(ranked)} trained in full is"
                : ranked < rows.Count
                    ? $"The best{several} of {Figures.Count(rows.Count)} configurations, of which "
                        + $"{Figures.Count(ranked)} {(ranked == 1 ? "has" : "have")} a rank, is"
                    : $"The best{several} of {Figures.Count(rows.Count)} configurations is";
        if (ScheduleReport.SentenceOf(state) is { } schedule)
            list.Add(schedule);
        if (plan.HasSeveralObjectives)
            list.Add(FrontSentence(plan, rows, ranked));
        list.Add($"{which} {name(best)}: {metric} "
            + $"{Figures.Metric(best.Score.Mean)}{spread}{Over(plan)}. It has {Figures.Count(best.Weights)} "
            + $"weights{FurtherOf(plan, best)}"
            // A share of what several trials took at once is not what one takes.
            + (best.Times.AreShares ? "."
                : $" and trains in {Figures.Seconds(best.Score.TrainSeconds)} s"
                    + (plan.Folds > 0 ? " a fold." : ".")));
        if (rows.FirstOrDefault(row => row.IsChosen) is { Rank: not 1 } chosen)
            list.Add($"Chosen for the refit is {name(chosen)} "
                + $"({Words(ConfigurationText.Word(plan.Objectives!.Choose))}): {metric} "
                + $"{Figures.Metric(chosen.Score.Mean)}, "
                + $"{Figures.Count(chosen.Weights)} weights{FurtherOf(plan, chosen)}.");
        if (state.RefitTrial is { } trial && state.ResultOf(trial)?.Test is { } test)
        {
            list.Add(TestSentence(plan, test) + Sought(state, trial, test));
            if (GuessRemark.Of(plan, test) is { } remark)
                list.Add(Sentence.Ended($"But there is {remark}"));
        }
        else if (state.IsOver)
            list.Add(!plan.Refit
                ? "No model was trained on all training data (refit: false), and the test set was not looked at."
                : state.RefitTrial is null
                    ? "No model was trained on all training data, since the sweep ended before."
                    : "The training on all training data has no result.");
        if (rows.Count > 1)
            list.Add(Sureness(plan, rows, ties, name));
        return list;
    }

    /// <summary>Wilson's interval for a share (Journal of the American Statistical Association 22, 1927).</summary>
    /// <param name="share">The share observed, in [0, 1].</param>
    /// <param name="count">Of how many, at least 1.</param>
    public static (double Low, double High) Interval95(double share, double count)
    {
        var square = Z95 * Z95;
        var centre = (share + (square / (2 * count))) / (1 + (square / count));
        var half = Z95 / (1 + (square / count))
            * Math.Sqrt((share * (1 - share) / count) + (square / (4 * count * count)));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary><c>validation accuracy</c> for <c>validation_accuracy</c>; <c>multiply-adds</c>.</summary>
    public static string Words(string name) =>
        name == SweepMetric.MultiplyAdds ? "multiply-adds" : name.Replace('_', ' ');

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00} %");

    private static string Over(SweepPlan plan) => plan.TrialsPerConfiguration > 1
        ? $" (mean and standard deviation over {plan.TrialsText()})"
        : " on the samples held out";

    private static string FrontSentence(SweepPlan plan, IReadOnlyList<LeaderboardRow> rows, int ranked)
    {
        var names = plan.AllObjectives().Select(FrontPage.Title).ToList();
        var front = rows.Count(row => row.OnFront);
        return $"The objectives are {string.Join(", ", names.SkipLast(1))} and {names[^1]}: on their front, where none "
            + $"is as good in all and better in one, {(front == 1 ? "is" : "are")} {Figures.Count(front)} of "
            + $"{Figures.Count(ranked)} configurations trained in full.";
    }

    // Weights are named in any case.
    private static string FurtherOf(SweepPlan plan, LeaderboardRow row) => !plan.HasSeveralObjectives
        ? ""
        : string.Concat(plan.Objectives!.Further.Zip(row.Score.Further!)
            .Where(pair => pair.First.Name != SweepMetric.Weights)
            .Select(pair => $", {FrontPage.Title(pair.First)} {FrontPage.Text(pair.First, pair.Second.Mean)}"));

    private static string OfTargets(SweepPlan plan, TargetScore[] targets) => ", of the targets "
        + string.Join("; ", targets.Take(TargetsNamed).Select((score, target) =>
            $"{plan.TargetName(target)} {Figures.Metric(score.Error)} with R2 {Figures.Metric(score.R2)}"))
        + (targets.Length > TargetsNamed ? $" and {targets.Length - TargetsNamed} more" : "");

    private static string TestSentence(SweepPlan plan, TestReport test)
    {
        if (plan.Task == TaskKind.Regression)
            return $"Trained again on all training data, it has a mean absolute error of {Figures.Metric(test.Metric)} "
                + $"on the test set, which was opened once (loss {Figures.Metric(test.Loss)})"
                + (test.Targets is { } targets ? OfTargets(plan, targets) : "") + ".";
        if (test.Labels is { } labels)
            return $"Trained again on all training data, it answers {Percent(test.Metric)} of all labels of the test "
                + $"samples rightly, and all labels of {Percent(test.ExactMatch ?? double.NaN)} of them, in one look "
                + "at the test set (mean F1 over labels "
                + $"{Figures.Metric(LabelScore.Macro(labels, score => score.F1))}, loss {Figures.Metric(test.Loss)}).";
        var count = test.Confusion?.Sum() ?? 0;
        var interval = count > 0 && Interval95(test.Metric, count) is var (low, high)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"; with 95 % confidence between {100 * low:0.00} and {100 * high:0.00} %")
            : "";
        return $"Trained again on all training data, it classifies {Percent(test.Metric)} of the "
            + $"{Figures.Count(count)} test samples rightly, in one look at the test set (loss "
            + $"{Figures.Metric(test.Loss)}{interval}).";
    }

    // What accuracy, error and loss do not tell.
    private static string Sought(SweepState state, TrialId refit, TestReport test)
    {
        var metric = state.Plan.Metric;
        var value = metric.ValueOf(test, state.Plan.Task);
        return !metric.IsAsked || double.IsNaN(value) ? ""
            : $" Its {Words(MetricText.Short(metric.Name))} there is {Figures.Metric(value)}, to be compared with "
                + $"{Figures.Metric(state.ScoreOf(refit.Configuration)?.Mean ?? double.NaN)} "
                + $"{(state.Plan.Folds > 0 ? "in the cross-validation" : "on the samples held out")}.";
    }

    /// <summary>Its value of <see cref="SweepPlan.LeastText"/>.</summary>
    private static string SecondOf(SweepPlan plan, LeaderboardRow row)
    {
        if (!plan.HasSeveralObjectives)
            return Figures.Count(row.Weights);
        var value = row.Score.Further![0].Mean;
        return plan.Objectives!.Further[0].Name is SweepMetric.Weights or SweepMetric.MultiplyAdds
            ? Figures.Count((long)value)
            : Figures.Metric(value);
    }

    private static string Sureness(
        SweepPlan plan, IReadOnlyList<LeaderboardRow> rows, TieRule ties, Func<LeaderboardRow, string> name)
    {
        var tied = rows.Where(row => row.Tied).ToList();
        var byTime = FoldTimes.WhyNotComparable([.. rows.Where(row => row.Rank is not null).Select(row => row.Times)])
            is null ? " or time" : "";
        var margin = ties.Margin is { } width ? $" (margin {Figures.Metric(width)})" : "";
        var text = tied.Count switch
        {
            0 when ties.Margin is null => $"How sure the choice is cannot be told: {ties.Text}.",
            0 => $"No other configuration comes near enough to be taken for as good{margin}.",
            _ => $"{Figures.Count(tied.Count, "other")} can be taken for as good: no further from the best than chance "
                + $"explains{margin}; choose among them by weights{byTime}.",
        };
        if (rows.FirstOrDefault(row => row.IsOneStandardErrorChoice) is { Rank: not 1 } small)
            text += $" Within one standard error of the best, {name(small)} has the {Words(plan.LeastText())} "
                + $"({SecondOf(plan, small)}).";
        var unstable = rows.Count(row => row.CollapsedFolds.Count > 0);
        if (rows[0].CollapsedFolds.Count > 0)
            text += " The best one is unstable: on a fold it fell far behind its own median.";
        else if (unstable > 0)
            text += $" {Figures.Count(unstable, "configuration")} fell far behind on a fold (unstable).";
        var diverged = rows.Count(row => row.Score.Diverged > 0);
        if (diverged > 0)
            text += $" {Figures.Count(diverged, "configuration")} diverged on at least one fold.";
        var guesses = rows.Count(row => row.IsGuess);
        if (guesses > 0)
            text += $" {Figures.Count(guesses, "configuration")} learned nothing: no better than guessing.";
        return text;
    }
}
