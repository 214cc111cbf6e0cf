using System.Diagnostics;
using Sweeps.Core;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;
using Sweeps.Store;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>
/// A sweep in the hands of this process: decides commands on the state that the log gives and appends what follows. An
/// append names the sequence it was decided on; when another coordinator was first, everything is taken back, the news
/// are read and the commands are decided again. Not for several calls at once.
/// </summary>
/// <param name="sweep">The sweep's id.</param>
/// <param name="store">The store.</param>
/// <param name="sources">Makes the searcher that a plan asks for.</param>
/// <param name="clock">The store's clock.</param>
public sealed class SweepCoordinator(
    string sweep, ISweepStore store, Func<SweepPlan, ISearcher> sources, CoordinatorClock clock)
{
    private const int ConflictsMax = 1000;
    private readonly BestSoFar _best = new();
    private readonly CourseBook _courses = new();
    private SweepSession? _session;

    /// <summary>An append of this process entered what the sweep's results share.</summary>
    private bool _hasBasis;

    /// <summary>The change feed's mark that the session is up to: what came after it may be another's.</summary>
    private long _mark = -1;

    /// <summary>The sweep as of the last call; null: it was not submitted, or not read yet.</summary>
    public SweepState? State => _session?.State;

    /// <summary>The log's last event seen.</summary>
    public long Sequence => _session?.Durable ?? 0;

    /// <summary>
    /// Decides the commands in order and makes all that follows durable, in one append. The decisions, one a command,
    /// are facts when this returns.
    /// </summary>
    /// <exception cref="SweepsException">The sweep does not exist, or the store failed: nothing was done.</exception>
    public async Task<IReadOnlyList<Decision>> ExecuteAsync(
        IReadOnlyList<SweepCommand> commands, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(commands);
        await clock.SynchroniseAsync(cancellation);
        for (var conflicts = 0; conflicts < ConflictsMax; conflicts++)
        {
            var session = await OpenAsync(commands, cancellation);
            var decisions = Decide(session, commands);
            var isDone = session.Uncommitted.Count > 0
                ? await AppendAsync(session, cancellation)
                : store.IsShared || !await HasNewsAsync(session, cancellation);
            if (isDone)
                return decisions;
        }

        throw new SweepsException(
            ErrorKind.Store,
            $"Sweep '{sweep}': {ConflictsMax} times in a row another process wrote first. Try again; if it stays so, " +
            "look for a process that writes without pause ('sweeps silos').");
    }

    /// <summary>Reads what others wrote meanwhile.</summary>
    /// <returns>False: there is no such sweep.</returns>
    public async Task<bool> CatchUpAsync(CancellationToken cancellation = default)
    {
        var mark = store.Changes.Mark(sweep);
        await foreach (var events in SweepEvents.ReadAsync(store, sweep, Sequence, cancellation))
        {
            _session ??= Begin(events[0]);
            _session.Observe(events);
            _best.Of(_session.State, events);
        }

        _mark = mark;
        return _session != null;
    }

    /// <summary>What cannot be decided leaves nothing half done behind for the next call to append.</summary>
    private List<Decision> Decide(SweepSession session, IReadOnlyList<SweepCommand> commands)
    {
        try
        {
            var now = clock.Now;
            session.Advance(now);
            return [.. commands.Select(command => session.Apply(command, now))];
        }
        catch
        {
            Forget(session);
            throw;
        }
    }

    private SweepSession Begin(SweepEvent first) => first is SweepSubmitted submitted
        ? new(new(), new(sources(submitted.Plan)))
        : throw new SweepsException(
            ErrorKind.Store, $"The log of sweep '{sweep}' does not begin with its plan: it is damaged.");

    private async Task<SweepSession> OpenAsync(IReadOnlyList<SweepCommand> commands, CancellationToken cancellation)
    {
        // Reading first saves most conflicts. A folder has few writers, mostly one: there the append says it.
        var isKnown = _session != null && !store.IsShared;
        if (isKnown || await CatchUpAsync(cancellation))
            return _session!;
        if (commands is [SubmitSweep submit, ..])
            return _session = new(new(), new(sources(submit.Plan)));
        throw NoSweep();
    }

    private SweepsException NoSweep() => new(
        ErrorKind.Usage, $"There is no sweep '{sweep}' in {store.Address}. 'sweeps list' shows the ones there are.");

    /// <summary>
    /// Without an append nothing says whether another coordinator was first: reads on where the store has changed
    /// since. What the feed does not know yet, it tells whoever waits in a moment.
    /// </summary>
    private async Task<bool> HasNewsAsync(SweepSession session, CancellationToken cancellation)
    {
        if (_mark == store.Changes.Mark(sweep))
            return false;
        var known = session.Durable;
        await CatchUpAsync(cancellation);
        return session.Durable > known;
    }

    private async Task<bool> AppendAsync(SweepSession session, CancellationToken cancellation)
    {
        var events = session.Uncommitted.Select(Encode).ToList();
        try
        {
            List<NewResult> results = [.. _courses.ResultsIn(session.State, session.Uncommitted).Select(
                result => new NewResult(result.Index, result.Course, result.Wanted, result.Epochs))];
            var append = new SweepAppend(sweep, session.Durable, events)
            {
                Header = SweepHeaders.Of(session.State, _best.Of(session.State, session.Uncommitted)),
                Results = results,
                Basis = _hasBasis || results.Count == 0 ? null : BasisOf(session, results[0].Event),
            };
            var before = store.Changes.Mark(sweep);
            var start = Stopwatch.GetTimestamp();
            var answer = await store.Log.AppendAsync(append, cancellation);
            if (answer.IsAppended)
            {
                SweepsTelemetry.AppendDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
                SweepsTelemetry.AppendEvents.Record(events.Count);
                _hasBasis |= append.Basis is not null;
                // One change is this append itself.
                if (_mark == before && store.Changes.Mark(sweep) == before + 1)
                    _mark = before + 1;
                session.Commit(answer.LastSequence);
                return true;
            }
        }
        catch
        {
            // Whether it was written is unknown: start again from what the log says.
            Forget(session);
            throw;
        }

        Forget(session);
        var known = Sequence;
        await CatchUpAsync(cancellation);
        // Refused and nothing new: it was deleted, and would be refused for ever.
        if (known > 0 && Sequence == known && await store.Log.FindAsync(sweep, cancellation) is null)
        {
            _session = null;
            throw NoSweep();
        }

        return false;
    }

    private static string? BasisOf(SweepSession session, int @event)
    {
        var request = session.State.RequestOf(((TrialEvent)session.Uncommitted[@event]).Trial);
        return CourseBook.BasisOf(session.State.Plan, request, session.State.Fingerprint);
    }

    private void Forget(SweepSession session)
    {
        session.Rollback();
        _best.Forget();
        if (session.Durable == 0)
            _session = null;
    }

    private static NewEvent Encode(SweepEvent @event)
    {
        var encoded = SweepEventCodec.Encode(@event);
        return new(encoded.Type, encoded.Payload);
    }
}
