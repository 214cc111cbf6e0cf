using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Report;

/// <summary>How the folds of one configuration learned.</summary>
/// <param name="Configuration">Its index.</param>
/// <param name="Name">What it is.</param>
/// <param name="Trials">Each trial's epochs.</param>
/// <param name="LowestEpoch">The epoch with the lowest mean validation loss, from 1; 0: none is known.</param>
/// <param name="Finding">What the curves say of overfitting, a sentence.</param>
internal sealed record LearningCurves(
    int Configuration, string Name, IReadOnlyList<LearningCurves.Course> Trials, int LowestEpoch, string Finding)
{
    /// <summary>What the two losses differ by, a sentence; null: they are the same loss.</summary>
    public string? LossNote { get; init; }

    // Less than this is the noise of a loss from epoch to epoch.
    private const double RiseMin = 0.02;

    /// <summary>One trial: a number for each epoch from 1; NaN where the store has lost one.</summary>
    public sealed record Course(
        string Trial,
        IReadOnlyList<double> TrainLoss,
        IReadOnlyList<double> ValidationLoss,
        IReadOnlyList<double> TrainMetric,
        IReadOnlyList<double> ValidationMetric);

    /// <summary>Reads the curves of the configurations of some rows.</summary>
    public static async Task<IReadOnlyList<LearningCurves>> ReadAsync(
        ISweepStore store, SweepState state, IEnumerable<LeaderboardRow> rows, Func<LeaderboardRow, string> name,
        CancellationToken cancellation)
    {
        var curves = new List<LearningCurves>();
        foreach (var row in rows)
        {
            var trials = Enumerable.Range(0, state.Plan.TrialsPerConfiguration)
                .Select(fold => new TrialId(row.Index, fold));
            if (await ReadAsync(store, state.Plan.Id, row.Index, name(row), trials, cancellation) is { } one)
                curves.Add(one with { LossNote = NoteOf(row.Hyperparameters) });
        }

        return curves;
    }

    /// <summary>Reads the curves of some trials of one configuration; null: no epoch of them is stored.</summary>
    public static async Task<LearningCurves?> ReadAsync(
        ISweepStore store, string sweep, int configuration, string name, IEnumerable<TrialId> trials,
        CancellationToken cancellation)
    {
        var courses = new List<Course>();
        foreach (var trial in trials)
        {
            var stored = await store.Metrics.ReadTrialAsync(new(sweep, configuration, trial.Fold), cancellation);
            if (TrialRecord.Newest(stored) is { Count: > 0 } epochs)
                courses.Add(CourseOf($"{trial}", epochs));
        }

        if (courses.Count == 0)
            return null;
        var means = Means(courses, course => course.ValidationLoss);
        var lowest = means.Count > 0 ? means.IndexOf(means.Min()) + 1 : 0;
        return new(configuration, name, courses, lowest, Say(means, courses));
    }

    /// <summary>What a configuration learns by that the loss of what is held out does without.</summary>
    public static string? NoteOf(Hyperparameters point)
    {
        var smoothing = point.LabelSmoothing > 0
            ? $"label smoothing ({Figures.Parameter(point.LabelSmoothing.Value)})" : null;
        string?[] parts = [smoothing, point.ClassWeights is null ? null : "class weights"];
        var named = string.Join(" and ", parts.Where(part => part is not null));
        return named.Length == 0 ? null
            : $"The training loss includes {named}, the validation loss does not: only the shapes of the two can be "
                + "compared.";
    }

    /// <summary>What the mean over the trials of validation losses says, beside the training losses.</summary>
    internal static string Say(IReadOnlyList<double> validation, IReadOnlyList<Course> trials)
    {
        if (validation.Count == 0)
            return "No validation loss was kept.";
        if (validation.Count < 3)
            return "Too few epochs to tell whether it overfits.";
        var lowest = validation.Index().MinBy(pair => pair.Item);
        var rise = (validation[^1] - lowest.Item) / Math.Abs(lowest.Item);
        var training = Means(trials, course => course.TrainLoss);
        var falls = training.Count == validation.Count && training[^1] < training[lowest.Index];
        var place = $"epoch {lowest.Index + 1} of {validation.Count}";
        if (rise > RiseMin && falls)
            return $"It overfits: the mean validation loss is lowest after {place} ({Figures.Metric(lowest.Item)}) and "
                + $"then rises by {100 * rise:0} % to {Figures.Metric(validation[^1])}, while the training loss goes "
                + "on falling. Stop there (score: best, or patience), or regularise (dropout, weight decay).";
        if (rise > RiseMin)
            return $"The mean validation loss is lowest after {place} and rises after it, and so does the training "
                + "loss: the training is unstable rather than overfitted. Try a smaller learning rate.";
        return lowest.Index == validation.Count - 1
            ? $"It does not overfit within {validation.Count} epochs: the mean validation loss is lowest after the "
                + "last one. More epochs may help."
            : $"The mean validation loss is lowest after {place} and hardly changes after it: more epochs gain "
                + "nothing.";
    }

    private static Course CourseOf(string trial, IReadOnlyList<MetricRow> rows)
    {
        var count = rows[^1].Report.Epoch;
        IReadOnlyList<double> Of(Func<MetricRow, double> number)
        {
            var values = new double[count];
            Array.Fill(values, double.NaN);
            foreach (var row in rows)
                values[row.Report.Epoch - 1] = number(row);
            return values;
        }

        return new(
            trial, Of(row => row.Report.TrainLoss), Of(row => row.Report.ValidationLoss),
            Of(row => row.Report.TrainMetric), Of(row => row.Report.ValidationMetric));
    }

    // Over the epochs that all trials have: a mean over fewer of them would jump.
    private static List<double> Means(IReadOnlyList<Course> trials, Func<Course, IReadOnlyList<double>> values)
    {
        var count = trials.Min(trial => values(trial).Count);
        return [.. Enumerable.Range(0, count).Select(epoch => trials.Average(trial => values(trial)[epoch]))
            .TakeWhile(double.IsFinite)];
    }
}
