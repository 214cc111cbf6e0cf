using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Silo;

namespace Sweeps.Client.Sweep.Progress;

/// <summary>The lines that show a running sweep, the most important part first: terminals may be narrow.</summary>
internal sealed class ProgressText(SweepPlan plan)
{
    private const int BarWidth = 24;
    private const string Gap = "   ";
    private readonly ArchitectureNames _names = ArchitectureNames.Of(plan);

    private string Metric => plan.Task.Quality();

    /// <summary>A line of so many columns at most: what is too long ends after a whole word.</summary>
    public static string Fit(string line, int columns)
    {
        if (line.Length <= columns)
            return line;
        var end = line.LastIndexOf(' ', columns);
        return line[..(end > 0 ? end : columns)].TrimEnd();
    }

    /// <summary>Trials done, time left, images/s of all slots: the last parts are left out where a terminal is narrow.
    /// </summary>
    /// <param name="progress">How far the sweep is.</param>
    /// <param name="activities">What the slots do.</param>
    /// <param name="columns">How long the line may be.</param>
    public string Overall(
        SweepProgress progress, IReadOnlyList<TrialActivity> activities, int columns = int.MaxValue)
    {
        // Trials that are trained side by side in a slot have shares of its time.
        var rate = activities.Where(activity => activity.Slot >= 0)
            .GroupBy(activity => (activity.Silo, activity.Slot))
            .Sum(slot => slot.Average(activity => activity.ImagesPerSecond));
        var share = progress.Planned > 0 ? (double)progress.Done / progress.Planned : 0;
        var parts = new List<string>
        {
            $"{plan.Title()}  {ProgressBar.Text(share, BarWidth)}  "
                + $"{Figures.Count(progress.Done)} of {Figures.Count(progress.Planned)} trials",
        };
        // What a narrow terminal has no room for is the least needed.
        if (progress.Status != SweepStatus.Running)
            parts.Add(ConfigurationText.Word(progress.Status) + (progress.Reason is { } reason ? $": {reason}" : ""));
        if (progress.Remaining is { } left && progress.Status == SweepStatus.Running)
            parts.Add($"{Figures.Wait(left)} left");
        if (progress.Failed > 0)
            parts.Add($"{progress.Failed} failed");
        if (progress.Retries > 0)
            parts.Add($"{progress.Retries} retried");
        if (rate > 0)
            parts.Add($"{Figures.Count(rate)} images/s");
        while (parts.Count > 1 && string.Join(Gap, parts).Length > columns)
            parts.RemoveAt(parts.Count - 1);
        return string.Join(Gap, parts);
    }

    /// <summary>The best configuration so far with its standard deviation.</summary>
    public string Best(SweepProgress progress) => progress.Best is { } best
        ? $"best so far  {plan.Metric.Name} {Figures.Metric(best.Score.Mean)}{Spread(best.Score)}  "
            + Label(best.Hyperparameters)
        : "best so far  none";

    /// <summary>The trial of one slot.</summary>
    public string Slot(TrialActivity activity)
    {
        var trial = activity.Key.Attempt.Trial;
        var epoch = Math.Min(activity.Epoch, activity.Epochs);
        var metric = double.IsNaN(activity.Metric) ? "" : $"  {Metric} {Figures.Metric(activity.Metric)}";
        var bar = ProgressBar.Text(activity.Share, 8);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Place(activity)}  {plan.PlaceOf(trial)}  epoch {epoch}/{activity.Epochs} {bar}{metric}  ")
            + _names.Shorten(activity.Label);
    }

    /// <summary>How many trials of a sweep are over, and how: <c>4 of 16 trials are completed, 2 failed</c>.</summary>
    public static string Ended(SweepState state)
    {
        var totals = state.Totals;
        var others = new[] { (totals.Stopped, "stopped"), (totals.Failed, "failed") }
            .Where(other => other.Item1 > 0).Select(other => $", {Figures.Count(other.Item1)} {other.Item2}");
        return $"{Figures.Count(totals.Completed)} of {Figures.Count(state.Totals.Planned)} trials are completed"
            + string.Concat(others);
    }

    private string Label(Hyperparameters point) =>
        $"{_names.Sized(point)} {ConfigurationText.Word(point.Optimizer)} lr {Figures.Parameter(point.LearningRate)} "
            + $"batch {point.BatchSize}";

    // The silo is named where several are shown.
    private static string Place(TrialActivity activity) =>
        activity.Silo is { } silo ? $"{silo} slot {activity.Slot}" : $"slot {activity.Slot}";

    /// <summary>The deviation over folds behind a mean; empty: there is none.</summary>
    public static string Spread(ConfigurationScore score) =>
        double.IsFinite(score.Deviation) ? $" +- {Figures.Metric(score.Deviation)}" : string.Empty;
}
