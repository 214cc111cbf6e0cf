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
    /// W&amp;B's Hyperband compares runs that arrive after min_iter, min_iter * eta, ... epochs, or after max_iter /
    /// eta, ... / eta^s (docs.wandb.ai, sweep configuration). Here groups are compared, at all epochs divided by eta
    /// again and again.
    /// </summary>
    private SchedulePlan? ReadEarly(MapValues early)
    {
        var path = ScheduleRules.EarlyTerminate.Name;
        var eta = early.Get(ScheduleRules.WandbEta, 3);
        var least = early.FindValue(ScheduleRules.WandbMinIter);
        if (least is null)
        {
            if (early.FindValue(ScheduleRules.WandbMaxIter) is not { } most
                || early.FindValue(ScheduleRules.WandbS) is not { } times)
            {
                context.Error(early.Node, path, "it needs 'min_iter', or 'max_iter' and 's'");
                return null;
            }

            least = Math.Max(1, (int)(most / Math.Pow(eta, times)));
        }
        else
        {
            foreach (var key in (Key[])[ScheduleRules.WandbMaxIter, ScheduleRules.WandbS])
            {
                if (early.NodeOf(key) is { } node)
                    context.Note(node, $"{path}.{key.Name}", $"'{key.Name}' has no effect beside 'min_iter'");
            }
        }

        context.Note(early.Node, path, string.Create(
            CultureInfo.InvariantCulture,
            $"is run as 'schedule: {{method: hyperband, over: epochs, eta: {eta}, min_epochs: {least}}}', which "
                + $"compares groups, with the same answer on any machines"));
        return new()
        {
            Method = ScheduleMethod.Hyperband,
            Over = ScheduleBudget.Epochs,
            Eta = eta,
            MinEpochs = least.Value,
        };
    }
}
