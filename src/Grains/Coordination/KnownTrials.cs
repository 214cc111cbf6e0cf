using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>
/// What the store has of the trials that a sweep is about to hand out. What is found is brought beside the sweep's own
/// log first (epochs, model), so that a trial which the log calls done has them, whatever becomes of the sweep that it
/// was taken over from. Where the store has a shorter training that kept its checkpoint, its epochs are brought, and
/// the trial goes on from there. What cannot be read is trained. Not for several calls at once.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="tell">Gets the first error of a look-up; those after it are alike.</param>
/// <param name="time">Measures how long a call takes; null: the system's.</param>
public sealed class KnownTrials(ISweepStore store, Action<Exception>? tell = null, TimeProvider? time = null)
    : IKnownResults
{
    private const int RowsAtOnce = 5_000;

    /// <summary>Trials taken over before the time is looked at.</summary>
    private const int TakenOverAtOnce = 32;

    /// <summary>One call's share for looking up: who waits for the answer gives up after 30 s.</summary>
    private static readonly TimeSpan s_mostOfACall = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Dictionary<TrialId, Found> _found = [];
    private readonly CourseBook _courses = new();
    private PossibleResults? _possible;
    private string? _fingerprint;
    private int _call;
    private long? _began;
    private bool _isTold;

    /// <summary>Whether the call has had its share: what is left to look up is for the next one.</summary>
    public bool IsSpent => _began is { } began && _time.GetElapsedTime(began) >= s_mostOfACall;

    /// <inheritdoc />
    public KnownAnswer? Find(TrialQuestion question, string? fingerprint)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (fingerprint == _fingerprint && _found.TryGetValue(question.Trial, out var found)
            && found.Until == question.Until)
        {
            return new(found.Result, found.Call != _call, found.Beginning);
        }

        return Possible.IsNone(question, fingerprint) ? new(null) : null;
    }

    /// <summary>A call begins: what was answered before it is old.</summary>
    public void Begin()
    {
        (_call, _began) = (_call + 1, _time.GetTimestamp());
        Possible.Begin();
    }

    private PossibleResults Possible => _possible ??= new(store, _courses, _time);

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
        if (questions.Count == 0)
            return;
        if (!await MayHaveAsync(state, fingerprint, questions, cancellation))
        {
            // An answer of an earlier call would stay old, and be asked for without end.
            foreach (var question in questions)
                _found.Remove(question.Trial);
            return;
        }

        var names = state.Plan.ClassNames();
        var asked = questions.Select(question => new SoughtTrial(
            question,
            _courses.Of(state.Plan, question.Request, fingerprint),
            TrainingCourse.WantedOf(question.Request, names, question.Until),
            TrainingCourse.WantedOf(question.Request, names))).ToList();
        var stored = await StoredAsync(asked, cancellation);
        var epochs = new Dictionary<TrialKey, IReadOnlyList<EpochReport>>();
        foreach (var some in asked.Chunk(TakenOverAtOnce))
        {
            var sources = some.Select(item => (item.Question, Sources: KnownSource.Of(item, stored))).ToList();
            await ReadAsync(
                sources.SelectMany(item => item.Sources.Where(source => source.MayTell).Take(1))
                    .Select(source => source.Key),
                epochs, cancellation);
            await TakeOverAsync(state, sources, epochs, cancellation);
            if (IsSpent)
                return;
        }
    }

    /// <summary>Whether to look the trials up one by one.</summary>
    private async Task<bool> MayHaveAsync(
        SweepState state,
        string? fingerprint,
        IReadOnlyList<TrialQuestion> questions,
        CancellationToken cancellation)
    {
        try
        {
            await Possible.AskAsync(state, fingerprint, questions, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Tell(error);
        }

        return !questions.All(question => Possible.IsNone(question, fingerprint));
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
        // What others wrote is not looked at one by one.
        if (state.Sequence - before != events.Count)
        {
            _found.Clear();
            Possible.NoteOthers();
        }

        if (_found.Count == 0)
            return;
        foreach (var trial in events.OfType<TrialEvent>().Select(item => item.Trial))
        {
            _found.Remove(trial);
            foreach (var sibling in state.SiblingsOf(trial))
                _found.Remove(sibling);
        }
    }

    private async Task<ILookup<string, StoredResult>> StoredAsync(
        List<SoughtTrial> asked, CancellationToken cancellation)
    {
        IReadOnlyList<StoredResult> stored = [];
        try
        {
            stored = await store.Log.FindResultsAsync(
                [.. asked.Where(item => item.Course is not null).SelectMany(item => SoughtFor(item)).Distinct()],
                cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Tell(error);
        }

        return stored.ToLookup(result => result.Course);
    }

    /// <summary>What is read off epochs may come from any; what is not, from the rung or from an end before it.
    /// </summary>
    private static IEnumerable<SoughtResult> SoughtFor(SoughtTrial asked)
    {
        yield return new(asked.Course!, asked.Wanted);
        if (asked.End != asked.Wanted && TrainingCourse.NeedsMoreThanEpochs(asked.Question.Request))
            yield return new(asked.Course!, asked.End);
    }

    /// <summary>Takes over what can be, epochs first: one whose epochs cannot be written is trained.</summary>
    private async Task TakeOverAsync(
        SweepState state,
        List<(TrialQuestion Question, List<KnownSource> Sources)> asked,
        Dictionary<TrialKey, IReadOnlyList<EpochReport>> epochs,
        CancellationToken cancellation)
    {
        var rows = new List<MetricRow>();
        var found = new List<(TrialId Trial, Found Found)>();
        foreach (var (question, sources) in asked)
        {
            var result = await TakeOverAsync(state, question, sources, epochs, rows, cancellation);
            var beginning = result is null
                ? await BeginAsync(state, question, sources, epochs, rows, cancellation)
                : null;
            found.Add((question.Trial, new(question.Until, result, beginning, _call)));
        }

        var isKept = true;
        try
        {
            foreach (var some in rows.Chunk(RowsAtOnce))
                await store.Metrics.PutAsync(some, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Tell(error);
            isKept = false;
        }

        foreach (var (trial, answer) in found)
            _found[trial] = isKept ? answer : answer with { Result = null, Beginning = null };
    }

    private async Task<KnownResult?> TakeOverAsync(
        SweepState state,
        TrialQuestion question,
        List<KnownSource> sources,
        Dictionary<TrialKey, IReadOnlyList<EpochReport>> epochs,
        List<MetricRow> rows,
        CancellationToken cancellation)
    {
        try
        {
            foreach (var source in sources.Where(source => source.MayTell))
            {
                if (await EpochsOfAsync(source, epochs, cancellation) is not { } reports)
                    continue;
                var read = source.IsSame
                    ? source.Result
                    : EpochReading.Of(question.Request, question.Until, source.Result, reports);
                if (read is null || !await KeepModelAsync(state, question, source.Key, read, cancellation))
                    continue;
                // At a rung it goes on: what is kept is the end.
                if (question.Request.KeepCheckpoint && source.IsSame && read.Outcome != TrainingOutcome.Stopped)
                    await KeepAsync(state, question, source.Key, ArtifactKey.KeptCheckpoint, cancellation);
                rows.AddRange(RowsOf(state, question, reports.Take(read.Epochs)));
                return source.Event is TrialReused from
                    ? new(from.Sweep, from.Source, from.Trained, read)
                    : new(source.Sweep, source.Event.Trial, source.Result.Epochs, read);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Tell(error);
        }

        return null;
    }

    /// <summary>
    /// What an unbegun trial goes on from: the longest training whose checkpoint the store keeps, with its epochs.
    /// Whether that can be read is found out by who reads it.
    /// </summary>
    private async Task<TrialBeginning?> BeginAsync(
        SweepState state,
        TrialQuestion question,
        List<KnownSource> sources,
        Dictionary<TrialKey, IReadOnlyList<EpochReport>> epochs,
        List<MetricRow> rows,
        CancellationToken cancellation)
    {
        if (state.AttemptsOf(question.Trial) > 0)
            return null;
        try
        {
            foreach (var source in sources.Where(source => source.MayBegin)
                .OrderByDescending(source => source.Result.Epochs))
            {
                var count = source.Result.Epochs;
                var name = new ArtifactKey(source.Key, ArtifactKey.KeptCheckpoint);
                var kept = await store.Artifacts.FindAsync(name, cancellation);
                if (kept?.Epoch != count
                    || await EpochsOfAsync(source, epochs, cancellation) is not { } reports || reports.Count != count)
                {
                    continue;
                }

                rows.AddRange(RowsOf(state, question, reports));
                return new(
                    source.Sweep, source.Event.Trial, count, reports.Sum(report => report.TrainSeconds),
                    reports.Sum(report => report.EvaluationSeconds), reports.Sum(report => (long)report.Samples));
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Tell(error);
        }

        return null;
    }

    /// <summary>The epochs of a result; null: they cannot be read.</summary>
    private async Task<IReadOnlyList<EpochReport>?> EpochsOfAsync(
        KnownSource source, Dictionary<TrialKey, IReadOnlyList<EpochReport>> epochs, CancellationToken cancellation)
    {
        if (!epochs.ContainsKey(source.Key))
            await ReadAsync([source.Key], epochs, cancellation);
        // A row beyond the result is none of it: an attempt that came to nothing may have left it.
        return epochs.TryGetValue(source.Key, out var reports) ? [.. reports.Take(source.Result.Epochs)] : null;
    }

    /// <summary>
    /// Should the trial be started after all, its own epochs take the place of these, which are equal.
    /// </summary>
    private static IEnumerable<MetricRow> RowsOf(
        SweepState state, TrialQuestion question, IEnumerable<EpochReport> reports)
    {
        var (key, attempt) = (KeyOf(state, question.Trial), state.AttemptsOf(question.Trial) + 1);
        return reports.Select(report => new MetricRow(key, attempt, report));
    }

    private void Tell(Exception error)
    {
        if (_isTold)
            return;
        _isTold = true;
        tell?.Invoke(error);
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
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Tell(error);
        }
    }

    /// <summary>Brings the model, where the trial keeps one.</summary>
    /// <returns>False: it is gone, or a newer attempt has the name, so that the trial must be trained.</returns>
    private async Task<bool> KeepModelAsync(
        SweepState state, TrialQuestion question, TrialKey source, TrialResult result, CancellationToken cancellation)
    {
        if (!question.Request.KeepModel)
            return true;
        if (await store.Artifacts.ReadAsync(new ArtifactKey(source, ArtifactKey.Model), cancellation) is not { } model)
            return false;
        var key = new ArtifactKey(KeyOf(state, question.Trial), ArtifactKey.Model);
        var attempt = state.AttemptsOf(question.Trial) + 1;
        if (await store.Artifacts.SaveAsync(key, attempt, result.Epochs, model, cancellation) is null)
            return false;
        await KeepAsync(state, question, source, ArtifactKey.Histograms, cancellation);
        return true;
    }

    /// <summary>Keeps what the source kept under the trial's own name, so that it outlives the source.</summary>
    private async Task KeepAsync(
        SweepState state, TrialQuestion question, TrialKey source, string name, CancellationToken cancellation)
    {
        if (await store.Artifacts.FindAsync(new(source, name), cancellation) is not { } kept)
            return;
        try
        {
            var content = await store.Artifacts.ReadAsync(kept.Digest, cancellation);
            var key = new ArtifactKey(KeyOf(state, question.Trial), name);
            await store.Artifacts.SaveAsync(
                key, state.AttemptsOf(question.Trial) + 1, kept.Epoch, content, cancellation);
        }
        catch (StoreException error)
        {
            // The result is whole: only who trains more epochs would miss it, and begins from the start.
            Tell(new StoreException(
                error.Reason,
                $"The {name} of trial {source.Configuration}/{source.Fold} of sweep {source.Sweep} cannot be taken "
                    + $"over: {error.Message} The result of trial {question.Trial} is taken over without it.",
                error));
        }
    }

    private static TrialKey KeyOf(SweepState state, TrialId trial) =>
        new(state.Plan.Id, trial.Configuration, trial.Fold);

    /// <summary>What was answered of a trial, as far as it would be trained, in which call.</summary>
    private sealed record Found(int? Until, KnownResult? Result, TrialBeginning? Beginning, int Call);
}
