using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Schedulers;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile;

namespace Sweeps.Client.Report;

/// <summary>What a schedule did to a sweep.</summary>
/// <param name="Sentence">In words.</param>
/// <param name="Saved">As <see cref="SchedulePart.Saved"/>.</param>
/// <param name="Stopped">Configurations that it stopped.</param>
/// <param name="Course">Who went on, at which budget.</param>
internal sealed record ScheduleReport(string Sentence, double Saved, int Stopped, ScheduleCourse Course)
{
    /// <summary>As far as the sweep is; null: it has no schedule.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="shown">The configurations of which the budget is told one by one; null: all.</param>
    public static ScheduleReport? Of(SweepState state, Func<int, bool>? shown = null)
    {
        if (SchedulePart.Of(state) is not { } part || ScheduleCourse.Of(state, shown) is not { } course)
            return null;
        return new(SentenceOf(state, part), part.Saved, part.Stopped, course);
    }

    /// <summary>What the schedule is, how many it stopped and what that saved; null: there is none.</summary>
    public static string? SentenceOf(SweepState state) =>
        SchedulePart.Of(state) is { } part ? SentenceOf(state, part) : null;

    private static string SentenceOf(SweepState state, SchedulePart part)
    {
        var epochs = $"{Figures.Count(part.Epochs)} of {Figures.Count(part.EpochsInFull)} epochs were trained";
        var saved = part.EpochsInFull > 0 ? $" ({100 * part.Saved:0} % saved)" : "";
        return state.IsOver
            ? $"{NameOf(state.Plan)} stopped {Figures.Count(part.Stopped)} of {Figures.Count(state.Proposed)} "
                + $"configurations early: {epochs}{saved}."
            : $"{NameOf(state.Plan)} has stopped {Figures.Count(part.Stopped)} of {Figures.Count(state.Proposed)} "
                + $"configurations so far: {epochs}.";
    }

    private static string NameOf(SweepPlan plan) => MethodOf(plan) switch
    {
        ScheduleMethod.Hyperband => "Hyperband",
        ScheduleMethod.Halving => "Successive halving",
        ScheduleMethod.Race => "The race",
        ScheduleMethod.Median => "The median rule",
        _ => "The schedule",
    };

    // A plan of a later version may have a file that this one cannot read.
    private static ScheduleMethod? MethodOf(SweepPlan plan)
    {
        try
        {
            return plan.ReadSpecification().Schedule?.Method;
        }
        catch (SweepsException)
        {
            return null;
        }
    }
}
