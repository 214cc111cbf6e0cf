using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Simulation.Tests;

/// <summary>
/// A coordinator as a host writes it: gathers commands, decides them together, appends once, answers after the
/// append. Several of them work on one log.
/// </summary>
internal sealed class SimulatedCoordinator(Simulation simulation, SimulatedProcess process)
{
    // One append for all that wait: with a small bound, thousands of idle silos that ask again would outrun the
    // database's round trips.
    private const int BatchMax = 2_000;

    private readonly Queue<(SweepCommand Command, Action<Decision> Reply)> _waiting = new();
    private SweepSession? _session;
    private KnownTrials _known = new(simulation.Database.Store, null, simulation.Time);
    private bool _busy;

    public SweepState? State => _session?.State;

    /// <summary>A new process begins without memory.</summary>
    public void Start()
    {
        _waiting.Clear();
        (_session, _busy) = (null, true);
        _known = new(simulation.Database.Store, null, simulation.Time);
        Load();
    }

    public void Ask(SweepCommand command, Action<Decision> reply)
    {
        _waiting.Enqueue((command, reply));
        Pump();
    }

    private void Load()
    {
        _session = new(new SweepState(), simulation.NewDecider(PlantedJudge()));
        ReadOn(() => Append([], _session.Advance(process.Now), Idle));
    }

    private void Idle()
    {
        _busy = false;
        Pump();
    }

    private void Pump()
    {
        if (_busy || _waiting.Count == 0)
            return;
        _busy = true;
        var batch = new List<(SweepCommand Command, Action<Decision> Reply)>();
        while (batch.Count < BatchMax && _waiting.TryDequeue(out var item))
            batch.Add(item);
        Decide(batch);
    }

    private void Decide(List<(SweepCommand Command, Action<Decision> Reply)> batch)
    {
        var session = _session!;
        var decisions = batch.Select(item => session.Apply(Plant(item.Command), process.Now)).ToList();
        if (decisions.TrueForAll(decision => decision.Events.Count > 0 && decision.Rejection is null))
        {
            Append(batch, session.Uncommitted, () => Answer(batch, decisions));
            return;
        }

        // A rejection may be about what only another coordinator knows: read on before telling anyone.
        var known = session.Durable;
        ReadOn(() =>
        {
            if (session.Durable > known)
                Decide(batch);
            else
                Append(batch, session.Uncommitted, () => Answer(batch, decisions));
        });
    }

    private void Answer(List<(SweepCommand Command, Action<Decision> Reply)> batch, List<Decision> decisions)
    {
        foreach (var ((command, reply), decision) in batch.Zip(decisions))
        {
            if (command is ClaimTrials claim && HasMore(decision))
                LookUp(claim, reply, decision);
            else
                reply(decision);
        }

        Idle();
    }

    private static bool HasMore(Decision decision) => decision.Rejection is null && decision.Assignments.Count == 0
        && (decision.ToLookUp.Count > 0 || decision.Events.Any(item => item is TrialReused));

    /// <summary>Looks up what the store has of the trials that a claim is about to get, and claims again.</summary>
    private void LookUp(ClaimTrials claim, Action<Decision> reply, Decision decision) => simulation.Database.Call(
        process,
        _ => SimulatedDatabase.Done(
            _known.LookUpAsync(State!, claim.Fingerprint, decision.ToLookUp)),
        _ => Ask(claim, reply),
        () => Ask(claim, reply));

    private void Append(
        List<(SweepCommand Command, Action<Decision> Reply)> batch, IReadOnlyList<SweepEvent> events, Action done)
    {
        if (events.Count == 0)
        {
            done();
            return;
        }

        var session = _session!;
        var written = events.ToList();
        simulation.Database.Call(
            process,
            store => store.Log.AppendAsync(new SweepAppend(Simulation.Sweep, session.Durable, Encode(written))),
            result =>
            {
                if (result.IsAppended)
                {
                    var before = session.Durable;
                    session.Commit(result.LastSequence);
                    _known.Follow(session.State, before, written);
                    done();
                }
                else
                {
                    Again(batch);
                }
            },
            () => { WriteTwice(written); Again(batch); });
    }

    /// <summary>Another was first, or nobody knows: forget what was decided, read on and decide again.</summary>
    private void Again(List<(SweepCommand Command, Action<Decision> Reply)> batch)
    {
        _session!.Rollback();
        ReadOn(() =>
        {
            if (batch.Count == 0)
                Append(batch, _session.Advance(process.Now), Idle);
            else
                Decide(batch);
        });
    }

    private void ReadOn(Action done)
    {
        var session = _session!;
        simulation.Database.Call(
            process,
            store => store.Log.ReadAsync(Simulation.Sweep, session.Durable),
            events =>
            {
                if (events.Count > 0)
                {
                    var before = session.Durable;
                    session.Rollback();
                    session.Observe(events.Select(item => SweepEventCodec.Decode(item.Type, item.Payload.Span)));
                    _known.Follow(session.State, before, []);
                }

                done();
            },
            () => ReadOn(done));
    }

    internal static List<NewEvent> Encode(IEnumerable<SweepEvent> events) =>
        [.. events.Select(SweepEventCodec.Encode).Select(item => new NewEvent(item.Type, item.Payload))];

    private SweepCommand Plant(SweepCommand command)
    {
        if (command is ClaimTrials claim && simulation.Options.KnownShare > 0)
            return claim with { Known = _known };
        if (simulation.Options.Bug == PlantedBug.FencingOff && command is CompleteTrial complete &&
            State!.RunningOf(complete.Attempt.Trial) is { } current)
        {
            return complete with { Attempt = current.Attempt };
        }

        return command;
    }

    private RungJudge? PlantedJudge()
    {
        var right = new SweepDecider(new SimulatedSearcher());
        var hasBegun = false;
        return simulation.Options.Bug switch
        {
            PlantedBug.NextByArrival => (state, rung, now) => NextByArrival(Right(state, rung, now)),
            PlantedBug.RungByArrival => (state, bracket, now) => ByArrival(Right(state, bracket, now)),
            PlantedBug.PromotionLost => (state, bracket, now) =>
            {
                var decided = Right(state, bracket, now);
                var isFirst = !hasBegun;
                hasBegun = true;
                return isFirst && process.Starts > 1
                    ? decided with { Promoted = [], Dropped = [.. decided.Promoted, .. decided.Dropped] }
                    : decided;
            }
            ,
            _ => null,
        };

        RungDecided Right(SweepState state, int which, DateTimeOffset now) =>
            right.FollowUps(state, now).OfType<RungDecided>().First(
                decided => (state.IsInIndexOrder ? decided.Rung : decided.Bracket) == which);
    }

    private RungDecided NextByArrival(RungDecided decided)
    {
        var place = decided.Promoted.Concat(decided.Dropped).Single();
        var came = simulation.Watcher.Events.OfType<RungReached>().Select(reached => reached.Result.ValidationMetric);
        var better = came.Count(value => value > place.Value);
        return 2 * better > came.Count()
            ? decided with { Promoted = [], Dropped = [place] }
            : decided with { Promoted = [place], Dropped = [] };
    }

    private RungDecided ByArrival(RungDecided decided)
    {
        var events = simulation.Watcher.Events;
        var places = decided.Promoted.Concat(decided.Dropped)
            .OrderBy(place => events.FindLastIndex(
                item => item is TrialEvent trial && trial.Trial.Configuration == place.Configuration))
            .ToList();
        var count = decided.Promoted.Count;
        return decided with { Promoted = places[..count], Dropped = places[count..] };
    }

    private void WriteTwice(List<SweepEvent> events)
    {
        var twice = events.FindAll(item => simulation.Options.Bug switch
        {
            PlantedBug.ResultWrittenTwice => item is TrialCompleted,
            PlantedBug.StopWrittenTwice => item is TrialStopped,
            _ => false,
        });
        if (twice.Count == 0)
            return;
        var log = simulation.Database.Store.Log;
        var last = SimulatedDatabase.Done(log.FindAsync(Simulation.Sweep))!.LastSequence;
        SimulatedDatabase.Done(log.AppendAsync(new SweepAppend(Simulation.Sweep, last, Encode(twice))));
    }
}
