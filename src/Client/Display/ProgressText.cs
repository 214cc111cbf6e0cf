using System.Globalization;
using Sweeps.Core.Analysis;
using Sweeps.Core.Sweeps;
using Sweeps.Grains.Contracts;

namespace Sweeps.Client.Display;

/// <summary>The lines that show a running sweep.</summary>
internal static class ProgressText
{
    private const int BarWidth = 24;

    /// <summary>How far it is: trials, images a second of all slots, time left.</summary>
    public static string Overall(SweepPlan plan, SweepProgress progress, IReadOnlyList<TrialActivity> activities)
    {
        var rate = activities.Where(activity => activity.Slot >= 0).Sum(activity => activity.ImagesPerSecond);
        var share = progress.Planned > 0 ? (double)progress.Done / progress.Planned : 0;
        var parts = new List<string>
        {
            $"{plan.Name ?? plan.Id}  {Bar(share, BarWidth)}  {Figures.Count(progress.Done)} of {Figures.Count(progress.Planned)} trials",
        };
        if (rate > 0)
            parts.Add($"{Figures.Count(rate)} images/s");
        if (progress.Remaining is { } left && progress.Status == SweepStatus.Running)
            parts.Add($"{Figures.Wait(left)} left");
        if (progress.Failed > 0)
            parts.Add($"{progress.Failed} failed");
        if (progress.Retries > 0)
            parts.Add($"{progress.Retries} retried");
        if (progress.Status != SweepStatus.Running)
            parts.Add($"{progress.Status.ToString().ToLowerInvariant()}{(progress.Reason is { } reason ? $": {reason}" : "")}");
        return string.Join("   ", parts);
    }

    /// <summary>The best configuration so far with its spread.</summary>
    public static string Best(SweepPlan plan, SweepProgress progress) => progress.Best is { } best
        ? $"best so far  {plan.Metric.Name} {Figures.Metric(best.Score.Mean)}{Spread(best.Score)}  {Label(best.Hyperparameters)}"
        : "best so far  none yet";

    /// <summary>What one slot does.</summary>
    public static string Slot(SweepPlan plan, TrialActivity activity)
    {
        var trial = activity.Key.Attempt.Trial;
        var fold = trial.IsRefit ? "refit" : plan.Folds > 0 ? $"fold {trial.Fold + 1}/{plan.Folds}" : "hold-out";
        var metric = double.IsNaN(activity.Metric)
            ? string.Empty
            : $"  {(plan.Task == Core.Training.TaskKind.Classification ? "accuracy" : "error")} {Figures.Metric(activity.Metric)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"slot {activity.Slot}  {activity.Label}  {fold}  epoch {Math.Min(activity.Epoch, activity.Epochs)}/{activity.Epochs} {Bar(activity.Share, 8)}{metric}");
    }

    /// <summary>A configuration in a few words.</summary>
    public static string Label(Core.Training.Hyperparameters point) =>
        $"{point.Architecture} {ConfigurationText.Word(point.Optimizer)} lr {Figures.Parameter(point.LearningRate)} batch {point.BatchSize}";

    private static string Spread(ConfigurationScore score) =>
        double.IsFinite(score.Deviation) ? $" +- {Figures.Metric(score.Deviation)}" : string.Empty;

    private static string Bar(double share, int width)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        return $"[{new string('#', full)}{new string('.', width - full)}]";
    }
}
