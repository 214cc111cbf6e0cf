using System.Globalization;
using Sweeps.Core.Schedulers;
using Sweeps.Core.SweepFile.Rules;

namespace Sweeps.Core.SweepFile;

/// <summary>Reads what a file says under <c>schedule</c>, or in W&amp;B's words under <c>early_terminate</c>.</summary>
/// <param name="file">The file's keys.</param>
/// <param name="learns">Whether the search learns from scores: it could not, before all have come.</param>
/// <param name="context">Takes errors and notes.</param>
internal sealed class ScheduleReader(MapValues file, bool learns, ReadingContext context)
{
    public SchedulePlan? Read()
    {
        var early = file.Find(ScheduleRules.EarlyTerminate);
        if (file.Find(ScheduleRules.Schedule) is not { } values)
            return early is null ? null : ReadEarly(early);
        if (early is not null)
        {
            context.Error(early.Node, ScheduleRules.EarlyTerminate.Name,
                "the file has both 'schedule' and 'early_terminate'; keep one");
        }

        if (values.FindValue(ScheduleRules.Method) is not { } method)
            return null;

        NoteWhatHasNoEffect(values, method);
        var order = method == ScheduleMethod.Hyperband ? RungOrder.Bracket
            : method == ScheduleMethod.Median ? RungOrder.Index
            : values.Get(ScheduleRules.Order, learns ? RungOrder.Index : RungOrder.Bracket);
        if (method == ScheduleMethod.Race)
        {
            return new()
            {
                Method = method,
                Order = order,
                Over = ScheduleBudget.Folds,
                MinFolds = values.Get(ScheduleRules.MinFolds, 2),
                Alpha = values.Get(ScheduleRules.Alpha, 0.05),
            };
        }

        var plan = new SchedulePlan
        {
            Method = method,
            Order = order,
            Over = OverOf(values, method),
            MinEpochs = values.Get(ScheduleRules.MinEpochs, 1),
            MinFolds = values.Get(ScheduleRules.MinFolds, 1),
        };
        return method == ScheduleMethod.Median
            ? plan with
            {
                Interval = values.FindValue(ScheduleRules.Interval),
                Warmup = values.Get(ScheduleRules.Warmup, 5),
            }
            : plan with { Eta = values.Get(ScheduleRules.Eta, 3) };
    }

    // All folds of a configuration are trained side by side: the median leaves no slot idle, and compares by all of
    // them.
    private static ScheduleBudget OverOf(MapValues values, ScheduleMethod method) => values.Get(
        ScheduleRules.Over, method == ScheduleMethod.Median ? ScheduleBudget.Epochs : ScheduleBudget.Both);

    private void NoteWhatHasNoEffect(MapValues values, ScheduleMethod method)
    {
        var (isRace, isMedian) = (method == ScheduleMethod.Race, method == ScheduleMethod.Median);
        const string Race = "a race goes over folds with all epochs, and a test says who drops out";
        foreach (var key in (Key[])[ScheduleRules.Over, ScheduleRules.Eta, ScheduleRules.MinEpochs])
            NoteIdle(values, key, isRace, Race);
        NoteIdle(values, ScheduleRules.Eta, isMedian, "whoever is in the better half goes on");
        NoteIdle(values, ScheduleRules.Alpha, !isRace, "it is the level of a race's test");
        foreach (var key in (Key[])[ScheduleRules.Interval, ScheduleRules.Warmup])
            NoteIdle(values, key, !isMedian, "it belongs to 'median'");
        NoteIdle(values, ScheduleRules.Order, isMedian, "the median is always that of those before");
        NoteIdle(
            values, ScheduleRules.Order, method == ScheduleMethod.Hyperband, "hyperband compares within its groups");
        if (isRace)
            return;
        var over = OverOf(values, method);
        foreach (var key in (Key[])[ScheduleRules.MinEpochs, ScheduleRules.Interval])
            NoteIdle(values, key, over == ScheduleBudget.Folds, "all epochs are trained");
        NoteIdle(values, ScheduleRules.MinFolds, over == ScheduleBudget.Epochs, "all folds are trained");
    }

    private void NoteIdle(MapValues schedule, Key key, bool isIdle, string why)
    {
        if (isIdle && schedule.NodeOf(key) is { } node)
            context.Note(node, $"schedule.{key.Name}", $"'{key.Name}' has no effect here: {why}");
    }

    /// <summary>
    /// W&amp;B's Hyperband compares runs as they arrive at its <see cref="WandbBands">bands</see>. Here groups are
    /// compared, at all epochs divided by eta again and again, from the lowest of its bands on.
    /// </summary>
    private SchedulePlan? ReadEarly(MapValues early)
    {
        var path = ScheduleRules.EarlyTerminate.Name;
        var eta = early.Get(ScheduleRules.WandbEta, 3);
        var least = early.FindValue(ScheduleRules.WandbMinIter);
        var most = early.FindValue(ScheduleRules.WandbMaxIter);
        var times = early.FindValue(ScheduleRules.WandbS);
        if (least is null && (most is null || times is null))
        {
            context.Error(early.Node, path, "it needs 'min_iter', or 'max_iter' and 's'");
            return null;
        }

        var isFromAbove = most is not null && times is not null;
        if (isFromAbove && most < eta)
        {
            context.Error(
                early.Node, path,
                $"'max_iter: {most}' divided by 'eta: {eta}' is less than an epoch, so that nothing could be compared; "
                    + $"write a 'max_iter' of at least {eta}, or 'min_iter'");
            return null;
        }

        Key[] idle = isFromAbove
            ? [ScheduleRules.WandbMinIter]
            : [ScheduleRules.WandbMaxIter, ScheduleRules.WandbS];
        foreach (var key in idle)
        {
            var other = isFromAbove ? "'max_iter' and 's'" : "'min_iter'";
            if (early.NodeOf(key) is { } node)
                context.Note(node, $"{path}.{key.Name}", $"'{key.Name}' has no effect beside {other}");
        }

        var bands = isFromAbove ? WandbBands.Below(most!.Value, times!.Value, eta) : WandbBands.From(least!.Value, eta);
        var shown = string.Join(", ", bands.Take(3)) + (bands.Count > 3 ? ", ..." : string.Empty);
        context.Note(early.Node, path, string.Create(
            CultureInfo.InvariantCulture,
            $"is run as 'schedule: {{method: hyperband, over: epochs, eta: {eta}, min_epochs: {bands[0]}}}', which "
                + $"compares groups, with the same answer on any machines; W&B compares after {shown} epochs whoever "
                + $"came so far, this after all epochs divided by {eta} once, twice, ... down to {bands[0]}, and not "
                + $"every group from the lowest on; 'schedule: {{method: halving, order: index, over: epochs, eta: "
                + $"{eta}, min_epochs: {bands[0]}}}' compares every configuration at all of them"));
        return new()
        {
            Method = ScheduleMethod.Hyperband,
            Over = ScheduleBudget.Epochs,
            Eta = eta,
            MinEpochs = bands[0],
        };
    }
}

/// <summary>
/// Epochs after which W&amp;B's Hyperband compares runs, in ascending order; as hyperband_stopping.py of
/// github.com/wandb/sweeps computes them.
/// </summary>
internal static class WandbBands
{
    /// <summary>Beyond it no training goes.</summary>
    private const int EpochsMax = 100_000;

    /// <summary>max_iter / eta, max_iter / eta^2, ..., s of them at most, as long as it is an epoch.</summary>
    public static IReadOnlyList<int> Below(int most, int times, int eta)
    {
        var bands = new List<int>();
        var band = (double)most;
        while (bands.Count < times && (band /= eta) >= 1)
            bands.Add((int)band);
        bands.Reverse();
        return bands;
    }

    /// <summary>min_iter, min_iter * eta, ...</summary>
    public static IReadOnlyList<int> From(int least, int eta)
    {
        var bands = new List<int>();
        for (long band = least; band <= EpochsMax; band *= eta)
            bands.Add((int)band);
        return bands;
    }
}
