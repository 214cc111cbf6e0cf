using Sweeps.Core;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>A trial that is sought.</summary>
/// <param name="Question">What is asked.</param>
/// <param name="Course">The training's course; null: it has none.</param>
/// <param name="Wanted">Where it would pause, or its end.</param>
/// <param name="End">Its end, wherever it would pause.</param>
internal sealed record SoughtTrial(TrialQuestion Question, string? Course, string Wanted, string End)
{
    /// <summary>Whether that result is the one that is sought.</summary>
    /// <param name="wanted">The end that it was trained for.</param>
    /// <param name="result">The result.</param>
    public bool IsSame(string wanted, TrialResult result) => wanted == Wanted || (wanted == End && EndsBefore(result));

    /// <summary>Whether a training ended on its way to the rung, or so that it would not pause there.</summary>
    private bool EndsBefore(TrialResult result) => result.Outcome switch
    {
        TrainingOutcome.StoppedEarly => result.Epochs <= Question.Until,
        TrainingOutcome.Diverged => result.Epochs < Question.Until,
        _ => false,
    };
}

/// <summary>A training of the same course, which may answer for a trial that is sought.</summary>
/// <param name="Sweep">The sweep that has it.</param>
/// <param name="Event">The event that holds its result.</param>
/// <param name="Result">That result.</param>
/// <param name="IsSame">Whether its end is the one that is wanted.</param>
internal sealed record KnownSource(string Sweep, TrialEvent Event, TrialResult Result, bool IsSame)
{
    /// <summary>Whether it may have what is wanted.</summary>
    public required bool MayTell { get; init; }

    /// <summary>Whether what is wanted goes on where it ended.</summary>
    public required bool MayBegin { get; init; }

    public TrialKey Key { get; } = new(Sweep, Event.Trial.Configuration, Event.Trial.Fold);

    /// <summary>What may answer a question: the very same training first, then whatever went on for long enough.
    /// </summary>
    public static List<KnownSource> Of(SoughtTrial asked, ILookup<string, StoredResult> stored)
    {
        var sources = new List<KnownSource>();
        var seen = new HashSet<(string, long)>();
        foreach (var candidate in stored[asked.Course ?? string.Empty])
        {
            if (!seen.Add((candidate.Sweep, candidate.Event.Sequence))
                || EventOf(candidate) is not { } @event || CourseBook.ResultOf(@event) is not { } result)
            {
                continue;
            }

            var (request, until) = (asked.Question.Request, asked.Question.Until);
            var isSame = asked.IsSame(candidate.Wanted, result);
            var mayTell = isSame || EpochReading.MayTell(request, until, result);
            var mayBegin = result.Epochs > 0 && result.Epochs <= asked.Question.EpochsMax
                && result.Outcome is TrainingOutcome.Completed or TrainingOutcome.StoppedEarly
                && TrainingCourse.LeavesStateFor(candidate.Wanted, request);
            if (mayTell || mayBegin)
                sources.Add(new(candidate.Sweep, @event, result, isSame) { MayTell = mayTell, MayBegin = mayBegin });
        }

        return [.. sources.OrderByDescending(source => source.IsSame).ThenByDescending(source => source.MayTell)];
    }

    /// <summary>The event; null: it cannot be read, which its own sweep will say.</summary>
    private static TrialEvent? EventOf(StoredResult stored)
    {
        try
        {
            return SweepEventCodec.Decode(stored.Event.Type, stored.Event.Payload.Span) as TrialEvent;
        }
        catch (SweepsException)
        {
            return null;
        }
    }
}
