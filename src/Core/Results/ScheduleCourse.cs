using Sweeps.Core.State;

namespace Sweeps.Core.Results;

/// <summary>Who went on in a schedule, and at which budget.</summary>
/// <param name="InIndexOrder">Each is compared with those of lower index; else with all others of its group.</param>
/// <param name="FullEpochs">Epochs of a training that is not stopped; of the longest, where they differ.</param>
/// <param name="Folds">Trials of each configuration that is not stopped.</param>
/// <param name="Groups">The groups in which configurations are compared.</param>
/// <param name="Trained">What each configuration was trained, by its index.</param>
public sealed record ScheduleCourse(
    bool InIndexOrder, int FullEpochs, int Folds, IReadOnlyList<ScheduleGroup> Groups,
    IReadOnlyDictionary<int, TrainedBudget> Trained)
{
    /// <summary>As far as the sweep is; null: it has no schedule.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="shown">Which configurations are in <see cref="Trained"/>, by their index.</param>
    public static ScheduleCourse? Of(SweepState state, Func<int, bool>? shown = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Plan.Schedule is not { } schedule)
            return null;
        var trained = new Dictionary<int, TrainedBudget>();
        var (folds, most) = (state.Plan.TrialsPerConfiguration, 0);
        var groups = new List<ScheduleGroup>();
        foreach (var (first, count, shape) in state.Groups())
        {
            var rungs = schedule.Shapes[shape].Rungs;
            var began = new int[rungs.Count + 1];
            for (var index = first; index < first + count; index++)
            {
                most = Math.Max(most, state.HyperparametersOf(index).Epochs);
                var rung = state.RungOf(index);
                for (var level = 0; level <= rung; level++)
                    began[level]++;
                if (shown is null || shown(index))
                    trained.Add(index, BudgetOf(state, index, groups.Count));
            }

            groups.Add(new(first, count,
            [
                .. began.Select((members, level) => level < rungs.Count
                    ? new ScheduleLevel(Math.Min(folds, rungs[level].Folds), rungs[level].Epochs, members)
                    : new ScheduleLevel(folds, null, members)),
            ]));
        }

        return new(state.IsInIndexOrder, most, folds, groups, trained);
    }

    private static TrainedBudget BudgetOf(SweepState state, int index, int group)
    {
        var (folds, most, sum) = (0, 0, 0);
        for (var fold = 0; fold < state.Plan.TrialsPerConfiguration; fold++)
        {
            if (state.ResultOf(new(index, fold)) is not { } result)
                continue;
            folds++;
            most = Math.Max(most, result.Epochs);
            sum += result.Epochs;
        }

        return new(group, folds, most, sum, state.ScoreOf(index) is { Stopped: > 0 });
    }
}

/// <summary>Configurations that are compared with each other.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Levels">The budgets, the smallest first; the last is the whole training.</param>
public sealed record ScheduleGroup(int First, int Count, IReadOnlyList<ScheduleLevel> Levels);

/// <summary>A budget of a group.</summary>
/// <param name="Folds">Trials of each.</param>
/// <param name="Epochs">Epochs of each; null: all.</param>
/// <param name="Members">How many were let on to it; not all of them need have got there yet.</param>
public sealed record ScheduleLevel(int Folds, int? Epochs, int Members);

/// <summary>What a configuration was trained so far.</summary>
/// <param name="Group">Its group, from 0.</param>
/// <param name="Folds">Trials with a result.</param>
/// <param name="Epochs">Of the longest of them.</param>
/// <param name="EpochsInAll">Of all of them.</param>
/// <param name="IsStopped">The schedule stopped it.</param>
public sealed record TrainedBudget(int Group, int Folds, int Epochs, int EpochsInAll, bool IsStopped);
