using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Decisions;

/// <summary>
/// The courses of a sweep's trials (<see cref="TrainingCourse"/>). Reading an architecture costs more than all the
/// rest, and the trials of a sweep share a few: what was read is remembered. Not for several threads at once.
/// </summary>
public sealed class CourseBook
{
    private const int RememberedMax = 10_000;

    private readonly Dictionary<(string Layers, double? Dropout, string? Activation), Architecture> _read = [];
    private (Hyperparameters? Of, string Text, EngineChoice Engine) _last;

    /// <summary>The course of a request; null: its result cannot be known by it.</summary>
    /// <param name="plan">The sweep's plan.</param>
    /// <param name="request">A trial's request.</param>
    /// <param name="fingerprint">The numerics that the sweep's silos share; null: none is set.</param>
    public string? Of(SweepPlan plan, TrainingRequest request, string? fingerprint)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(request);
        if (!plan.HasKnownResults || fingerprint is null
            || Read(plan, request.Hyperparameters) is not { } read
            || Fingerprints.Of(fingerprint, read.Engine.Engine) is not { } numerics)
            return null;
        return TrainingCourse.Of(read.Text, request, numerics, read.Engine);
    }

    /// <summary>What the courses of a sweep share, <see cref="TrainingCourse.BasisOf"/>; null: it has none.</summary>
    /// <param name="plan">The sweep's plan.</param>
    /// <param name="request">Any trial's request.</param>
    /// <param name="fingerprint">The numerics that the sweep's silos share; null: none is set.</param>
    public static string? BasisOf(SweepPlan plan, TrainingRequest request, string? fingerprint)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.HasKnownResults || fingerprint is null)
            return null;
        // Sweeps that need other engines may share the trainings of one.
        return TrainingCourse.BasisOf(
            request, fingerprint.Contains('=', StringComparison.Ordinal) ? "engines" : fingerprint);
    }

    /// <summary>The results among events that were decided, as other sweeps may find them.</summary>
    /// <param name="state">The sweep after these events.</param>
    /// <param name="events">The events.</param>
    public IEnumerable<KnownEvent> ResultsIn(SweepState state, IReadOnlyList<SweepEvent> events)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(events);
        for (var index = 0; index < events.Count; index++)
        {
            if (ResultOf(events[index]) is not { } result)
                continue;
            var trial = ((TrialEvent)events[index]).Trial;
            var request = state.RequestOf(trial);
            if (Of(state.Plan, request, state.Fingerprint) is not { } course)
                continue;
            int? until = result.Outcome == TrainingOutcome.Stopped ? result.Epochs : null;
            // At a rung only what epochs do not tell needs a name: all else is read off them.
            var wanted = until is null || TrainingCourse.NeedsMoreThanEpochs(request)
                ? TrainingCourse.WantedOf(request, state.Plan.ClassNames(), until)
                : string.Empty;
            yield return new(index, course, wanted, result.Epochs);
        }
    }

    /// <summary>The result that an event holds; null: none.</summary>
    public static TrialResult? ResultOf(SweepEvent @event) => @event switch
    {
        TrialCompleted completed => completed.Result,
        RungReached reached => reached.Result,
        TrialReused reused => reused.Result,
        _ => null,
    };

    private (string Text, EngineChoice Engine)? Read(SweepPlan plan, Hyperparameters hyperparameters)
    {
        if (ReferenceEquals(_last.Of, hyperparameters))
            return (_last.Text, _last.Engine);
        try
        {
            var key = (hyperparameters.Layers(), hyperparameters.Dropout, hyperparameters.Activation);
            if (!_read.TryGetValue(key, out var architecture))
            {
                if (_read.Count >= RememberedMax)
                    _read.Clear();
                _read.Add(key, architecture = hyperparameters.ReadArchitecture());
            }

            var text = HyperparametersKey.Canonical(hyperparameters, architecture);
            var engine = EngineChoice.Of(plan.Engine, plan.Engines, plan.Task, hyperparameters, plan.Stages);
            _last = (hyperparameters, text, engine);
            return (text, engine);
        }
        catch (SweepsException)
        {
            // The training will say so.
            return null;
        }
    }
}

/// <summary>A result among events.</summary>
/// <param name="Index">Which event, from 0.</param>
/// <param name="Course">Its training's course.</param>
/// <param name="Wanted"><see cref="TrainingCourse.WantedOf"/>; empty: it stands at a rung, short of its end, and its
/// epochs tell all of it.</param>
/// <param name="Epochs">Epochs that it goes to.</param>
public readonly record struct KnownEvent(int Index, string Course, string Wanted, int Epochs);
