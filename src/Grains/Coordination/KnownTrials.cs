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
/// was taken over from. What cannot be read is trained. Not for several calls at once.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="tell">Gets the first error of a look-up; those after it are alike.</param>
/// <param name="time">Measures how long a call takes; null: the system's.</param>
public sealed class KnownTrials(ISweepStore store, Action<SweepsException>? tell = null, TimeProvider? time = null)
    : IKnownResults
{
    private const int RowsAtOnce = 5_000;

    /// <summary>Trials taken over before the time is looked at.</summary>
    private const int TakenOverAtOnce = 32;

    /// <summary>One call's share for looking up: who waits for the answer gives up after 30 s.</summary>
    private static readonly TimeSpan s_mostOfACall = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Dictionary<TrialId, (int? Until, KnownResult? Result, int Call)> _found = [];
    private readonly CourseBook _courses = new();
    private string? _fingerprint;
    private int _call;
    private long? _began;
    private bool _isTold;

    /// <summary>Whether the call has had its share: what is left to look up is for the next one.</summary>
    public bool IsSpent => _began is { } began && _time.GetElapsedTime(began) >= s_mostOfACall;

    /// <inheritdoc />
    public KnownAnswer? Find(TrialId trial, int? until, string? fingerprint) =>
        fingerprint == _fingerprint && _found.TryGetValue(trial, out var answer) && answer.Until == until
            ? new(answer.Result, answer.Call != _call)
            : null;

    /// <summary>A call begins: what was answered before it is old.</summary>
    public void Begin() => (_call, _began) = (_call + 1, _time.GetTimestamp());

    /// <summary>Forgets all answers: whether what was decided by them holds is unknown.</summary>
    public void Forget() => _found.Clear();

    /// <summary>Looks trials up, at least some of them: as many as the call's time allows.</summary>
    /// <param name="state">Their sweep.</param>
    /// <param name="fingerprint">The numerics of the silo that would train them.</param>
    /// <param name="questions">The trials.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task LookUpAsync(
        SweepState state,
        string? fingerprint,
        IReadOnlyList<TrialQuestion> questions,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(questions);
        if (fingerprint != _fingerprint)
            _found.Clear();
        _fingerprint = fingerprint;
        var names = state.Plan.ClassNames();
        var asked = questions.Select(question => new Asked(
            question,
            _courses.Of(state.Plan, question.Request, fingerprint),
            TrainingCourse.WantedOf(question.Request, names))).ToList();
        var stored = await StoredAsync(asked, cancellation);
        var epochs = new Dictionary<TrialKey, IReadOnlyList<EpochReport>>();
        foreach (var some in asked.Chunk(TakenOverAtOnce))
        {
            var sources = some.Select(item => (item.Question, Sources: SourcesOf(item, stored))).ToList();
            await ReadAsync(
                sources.SelectMany(item => item.Sources.Take(1)).Select(source => source.Key), epochs, cancellation);
            await TakeOverAsync(state, sources, epochs, cancellation);
            if (IsSpent)
                return;
        }
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

    private async Task<ILookup<string, StoredResult>> StoredAsync(List<Asked> asked, CancellationToken cancellation)
    {
        IReadOnlyList<StoredResult> stored = [];
        try
        {
            stored = await store.Log.FindResultsAsync(
                [.. asked.Where(item => item.Course is not null)
                    .Select(item => new SoughtResult(item.Course!, item.Wanted)).Distinct()],
                cancellation);
        }
        catch (SweepsException error)
        {
            Tell(error);
        }

        return stored.ToLookup(result => result.Course);
    }

    /// <summary>What may answer a question: the very same training first, then whatever went on for long enough.
    /// </summary>
    private static List<Source> SourcesOf(Asked asked, ILookup<string, StoredResult> stored)
    {
        var sources = new List<Source>();
        var seen = new HashSet<(string, long)>();
        foreach (var candidate in stored[asked.Course ?? string.Empty])
        {
            if (!seen.Add((candidate.Sweep, candidate.Event.Sequence))
                || EventOf(candidate) is not { } @event || CourseBook.ResultOf(@event) is not { } result)
            {
                continue;
            }

            var (request, until) = (asked.Question.Request, asked.Question.Until);
            var isSame = until is null && candidate.Wanted == asked.Wanted;
            if (isSame || EpochReading.MayTell(request, until, result))
                sources.Add(new(candidate.Sweep, @event, result, isSame));
        }

        return [.. sources.OrderByDescending(source => source.IsSame)];
    }

    /// <summary>Takes over what can be, epochs first: one whose epochs cannot be written is trained.</summary>
    private async Task TakeOverAsync(
        SweepState state,
        List<(TrialQuestion Question, List<Source> Sources)> asked,
        Dictionary<TrialKey, IReadOnlyList<EpochReport>> epochs,
        CancellationToken cancellation)
    {
        var rows = new List<MetricRow>();
        var found = new List<(TrialQuestion Question, KnownResult? Result)>();
        foreach (var (question, sources) in asked)
            found.Add((question, await TakeOverAsync(state, question, sources, epochs, rows, cancellation)));
        var isKept = true;
        try
        {
            foreach (var some in rows.Chunk(RowsAtOnce))
                await store.Metrics.PutAsync(some, cancellation);
        }
        catch (SweepsException error)
        {
            Tell(error);
            isKept = false;
        }

        foreach (var (question, result) in found)
            _found[question.Trial] = (question.Until, isKept ? result : null, _call);
    }

    private async Task<KnownResult?> TakeOverAsync(
        SweepState state,
        TrialQuestion question,
        List<Source> sources,
        Dictionary<TrialKey, IReadOnlyList<EpochReport>> epochs,
        List<MetricRow> rows,
        CancellationToken cancellation)
    {
        try
        {
            foreach (var source in sources)
            {
                if (!epochs.ContainsKey(source.Key))
                    await ReadAsync([source.Key], epochs, cancellation);
                // A row beyond the result is none of it: an attempt that came to nothing may have left it.
                if (!epochs.TryGetValue(source.Key, out var reports))
                    continue;
                reports = [.. reports.Take(source.Result.Epochs)];
                var read = source.IsSame
                    ? source.Result
                    : EpochReading.Of(question.Request, question.Until, source.Result, reports);
                if (read is null || !await KeepModelAsync(state, question, source.Key, read, cancellation))
                    continue;
                // Should the trial be started after all, its own epochs take the place of these, which are equal.
                var (key, attempt) = (KeyOf(state, question.Trial), state.AttemptsOf(question.Trial) + 1);
                rows.AddRange(reports.Take(read.Epochs).Select(report => new MetricRow(key, attempt, report)));
                return source.Event is TrialReused from
                    ? new(from.Sweep, from.Source, from.Trained, read)
                    : new(source.Sweep, source.Event.Trial, source.Result.Epochs, read);
            }
        }
        catch (SweepsException error)
        {
            Tell(error);
        }

        return null;
    }

    private void Tell(SweepsException error)
    {
        if (_isTold)
            return;
        _isTold = true;
        tell?.Invoke(error);
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

    /// <summary>Reads trials' epochs from the first, up to the first that is missing.</summary>
    private async Task ReadAsync(
        IEnumerable<TrialKey> trials,
        Dictionary<TrialKey, IReadOnlyList<EpochReport>> epochs,
        CancellationToken cancellation)
    {
        var missing = trials.Where(trial => !epochs.ContainsKey(trial)).Distinct().ToList();
        if (missing.Count == 0)
            return;
        try
        {
            var rows = (await store.Metrics.ReadTrialsAsync(missing, cancellation)).ToLookup(row => row.Trial);
            foreach (var trial in missing)
            {
                var reports = rows[trial].GroupBy(row => row.Report.Epoch)
                    .OrderBy(group => group.Key)
                    .Select(group => group.MaxBy(row => row.Attempt)!.Report);
                epochs[trial] = [.. reports.TakeWhile((report, index) => report.Epoch == index + 1)];
            }
        }
        catch (SweepsException error)
        {
            Tell(error);
        }
    }

    /// <summary>Brings the model, where the trial keeps one.</summary>
    /// <returns>False: it is gone, or a newer attempt has the name, so that the trial must be trained.</returns>
    private async Task<bool> KeepModelAsync(
        SweepState state,
        TrialQuestion question,
        TrialKey source,
        TrialResult result,
        CancellationToken cancellation)
    {
        if (!question.Request.KeepModel)
            return true;
        if (await store.Artifacts.ReadAsync(new ArtifactKey(source, ArtifactKey.Model), cancellation) is not { } model)
            return false;
        var key = new ArtifactKey(KeyOf(state, question.Trial), ArtifactKey.Model);
        var attempt = state.AttemptsOf(question.Trial) + 1;
        return await store.Artifacts.SaveAsync(key, attempt, result.Epochs, model, cancellation) is not null;
    }

    private static TrialKey KeyOf(SweepState state, TrialId trial) =>
        new(state.Plan.Id, trial.Configuration, trial.Fold);

    private sealed record Asked(TrialQuestion Question, string? Course, string Wanted);

    private sealed record Source(string Sweep, TrialEvent Event, TrialResult Result, bool IsSame)
    {
        public TrialKey Key { get; } = new(Sweep, Event.Trial.Configuration, Event.Trial.Fold);
    }
}
