using Sweeps.Core;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>
/// What the store has of the trials that a sweep is about to hand out. What is found is brought beside the sweep's own
/// log first (epochs, model), so that a trial which the log calls done has them, whatever becomes of the sweep that it
/// was taken over from. Not for several calls at once.
/// </summary>
/// <param name="store">The store.</param>
public sealed class KnownTrials(ISweepStore store) : IKnownResults
{
    private const int RowsAtOnce = 5_000;

    private readonly Dictionary<TrialId, (int? Until, KnownResult? Result)> _found = [];
    private readonly CourseBook _courses = new();

    /// <inheritdoc />
    public bool TryFind(TrialId trial, int? until, out KnownResult? result)
    {
        var isFound = _found.TryGetValue(trial, out var answer) && answer.Until == until;
        result = isFound ? answer.Result : null;
        return isFound;
    }

    /// <summary>Looks trials up.</summary>
    /// <param name="state">Their sweep.</param>
    /// <param name="fingerprint">The numerics of the silo that would train them.</param>
    /// <param name="questions">The trials.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SweepsException">The store failed.</exception>
    public async Task LookUpAsync(
        SweepState state,
        string? fingerprint,
        IReadOnlyList<TrialQuestion> questions,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(questions);
        var asked = questions.Select(
            question => (Question: question, Course: _courses.Of(state.Plan, question.Request, fingerprint))).ToList();
        var courses = asked.Select(item => item.Course).OfType<string>().Distinct().ToList();
        var stored = (await store.Log.FindResultsAsync(courses, cancellation)).ToLookup(result => result.Course);
        var rows = new List<MetricRow>();
        var found = new List<(TrialQuestion Question, KnownResult? Result)>();
        foreach (var (question, course) in asked)
        {
            var result = course is null || !stored[course].Any()
                ? null
                : await TakeOverAsync(state, question, stored[course], rows, cancellation);
            found.Add((question, result));
        }

        foreach (var some in rows.Chunk(RowsAtOnce))
            await store.Metrics.PutAsync(some, cancellation);
        foreach (var (question, result) in found)
            _found[question.Trial] = (question.Until, result);
    }

    /// <summary>
    /// Keeps up with the sweep: what was handed out is no longer asked for, and what ended may be the answer to others.
    /// </summary>
    /// <param name="state">The sweep now.</param>
    /// <param name="before">The log's sequence before.</param>
    /// <param name="events">What this process wrote since.</param>
    public void Follow(SweepState state, long before, IReadOnlyList<SweepEvent> events)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(events);
        if (_found.Count == 0)
            return;
        // What others wrote is not looked at one by one.
        if (state.Sequence - before != events.Count)
            _found.Clear();
        foreach (var trial in events.OfType<TrialEvent>().Select(item => item.Trial))
        {
            _found.Remove(trial);
            foreach (var sibling in state.SiblingsOf(trial))
                _found.Remove(sibling);
        }
    }

    private async Task<KnownResult?> TakeOverAsync(
        SweepState state,
        TrialQuestion question,
        IEnumerable<StoredResult> stored,
        List<MetricRow> rows,
        CancellationToken cancellation)
    {
        var wanted = TrainingCourse.WantedOf(question.Request, state.Plan.ClassNames());
        // The very same training first; otherwise whatever went on for long enough.
        foreach (var candidate in stored.OrderByDescending(IsSame))
        {
            if (EventOf(candidate) is not { } @event || CourseBook.ResultOf(@event) is not { } result)
                continue;
            var source = new TrialKey(candidate.Sweep, @event.Trial.Configuration, @event.Trial.Fold);
            var epochs = await EpochsAsync(source, cancellation);
            var read = IsSame(candidate)
                ? result
                : EpochReading.Of(question.Request, question.Until, result, epochs);
            if (read is null || !await KeepModelAsync(state, question, source, read, cancellation))
                continue;
            // Should the trial be started after all, its own epochs take the place of these, which are equal.
            var (key, attempt) = (KeyOf(state, question.Trial), state.AttemptsOf(question.Trial) + 1);
            rows.AddRange(epochs.Take(read.Epochs).Select(report => new MetricRow(key, attempt, report)));
            return @event is TrialReused from
                ? new(from.Sweep, from.Source, from.Trained, read)
                : new(candidate.Sweep, @event.Trial, result.Epochs, read);
        }

        return null;

        bool IsSame(StoredResult candidate) => question.Until is null && candidate.Wanted == wanted;
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

    /// <summary>A trial's epochs from the first, up to the first that is missing.</summary>
    private async Task<List<EpochReport>> EpochsAsync(TrialKey trial, CancellationToken cancellation)
    {
        var rows = (await store.Metrics.ReadTrialAsync(trial, cancellation))
            .GroupBy(row => row.Report.Epoch)
            .OrderBy(rows => rows.Key)
            .Select(rows => rows.MaxBy(row => row.Attempt)!.Report);
        return [.. rows.TakeWhile((report, index) => report.Epoch == index + 1)];
    }

    /// <summary>Brings the model, where the trial keeps one.</summary>
    /// <returns>False: it is gone, so that the trial must be trained.</returns>
    private async Task<bool> KeepModelAsync(
        SweepState state,
        TrialQuestion question,
        TrialKey source,
        TrialResult result,
        CancellationToken cancellation)
    {
        if (!question.Request.KeepModel)
            return true;
        if (await ModelAsync(source, cancellation) is not { } model)
            return false;
        var key = new ArtifactKey(KeyOf(state, question.Trial), ArtifactKey.Model);
        var attempt = state.AttemptsOf(question.Trial) + 1;
        await store.Artifacts.SaveAsync(key, attempt, result.Epochs, model, cancellation);
        return true;
    }

    private static TrialKey KeyOf(SweepState state, TrialId trial) =>
        new(state.Plan.Id, trial.Configuration, trial.Fold);

    private async Task<byte[]?> ModelAsync(TrialKey source, CancellationToken cancellation)
    {
        try
        {
            return await store.Artifacts.ReadAsync(new ArtifactKey(source, ArtifactKey.Model), cancellation);
        }
        catch (StoreException error) when (error.Reason is StoreReason.Missing or StoreReason.Damaged)
        {
            return null;
        }
    }
}
