using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Schedulers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Simulation.Tests;

/// <summary>
/// Reads the log after each step and knows what may be there: by rules of its own, not by those that wrote it.
/// </summary>
internal sealed class LogWatcher(Simulation simulation)
{
    private readonly Dictionary<string, SimulatedSilo> _silos = [];
    private readonly HashSet<AttemptId> _finished = [];
    private readonly HashSet<TrialId> _completed = [];
    private readonly HashSet<TrialId> _setAside = [];
    private readonly HashSet<TrialId> _stoppedByUser = [];
    private readonly HashSet<int> _stopped = [];
    private readonly Dictionary<int, List<RungPlace>> _came = [];
    private readonly Dictionary<TrialId, int> _reached = [];
    private readonly Dictionary<TrialId, int> _attempts = [];
    private long _sequence;

    public SweepState State { get; } = new();

    public List<SweepEvent> Events { get; } = [];

    public int Expired { get; private set; }

    public void Entered(SiloId id, SimulatedSilo silo) => _silos[id.Incarnation] = silo;

    /// <summary>A silo begins or goes on with this attempt.</summary>
    public void Begun(AttemptId attempt, int epoch)
    {
        var reached = _reached.GetValueOrDefault(attempt.Trial);
        var isCurrent = State.RunningOf(attempt.Trial)?.Attempt == attempt;
        Require(
            !isCurrent || epoch >= reached, $"{attempt} begins at epoch {epoch}, but its trial stood at {reached}");
    }

    /// <summary>A silo really trained this attempt as far as it was wanted.</summary>
    public void Finished(AttemptId attempt) => _finished.Add(attempt);

    /// <summary>Looks at what the last step wrote.</summary>
    public void Look()
    {
        var stored = SimulatedDatabase.Done(simulation.Database.Store.Log.ReadAsync(Simulation.Sweep, _sequence));
        foreach (var item in stored)
        {
            Require(item.Sequence == _sequence + 1, $"sequence {item.Sequence} after {_sequence}");
            _sequence = item.Sequence;
            var @event = SweepEventCodec.Decode(item.Type, item.Payload.Span);
            Check(@event);
            State.Evolve(@event);
            Events.Add(@event);
        }
    }

    /// <summary>What must hold once the sweep has ended.</summary>
    public void CheckEnd(string digest)
    {
        var audit = LogAudit.Of(Events);
        Require(State.Status == SweepStatus.Completed, $"the sweep is {State.Status}: {State.Reason}");
        Require(audit.Holds, $"the log's audit is {audit}");
        Require(audit == State.Completion!.Audit, $"the log's audit is {audit}, the sweep's {State.Completion.Audit}");
        var doomed = simulation.Options.Doomed();
        Require(audit.Failed == doomed.Count, $"{audit.Failed} trials failed");
        foreach (var trial in doomed)
            Require(State.StatusOf(trial) == TrialStatus.Failed, $"{trial} is {State.StatusOf(trial)}");
        if (simulation.Options.Unstartable is { } unstartable)
            RequireReason(unstartable, "could not be started");
        if (simulation.Options.Stalling is { } stalling)
            RequireReason(stalling, "handed back 5 times in a row before it could begin: the silo could not start it");
        Require(State.Totals.Running == 0, "attempts still run");
        if (simulation.Options.Poison is { } poison)
            Require(_setAside.SetEquals([poison]), $"set aside: {string.Join(' ', _setAside)}");
        else if (_stoppedByUser.Count > 0)
            CheckStops();
        else if (doomed.Count == 0)
            Require(State.Completion.Digest == digest, $"digest {State.Completion.Digest}, undisturbed {digest}");
    }

    /// <summary>
    /// What was stopped has no result and no part in the answer; where nothing was chosen by results, all others have
    /// the undisturbed ones.
    /// </summary>
    private void CheckStops()
    {
        foreach (var trial in _stoppedByUser)
        {
            Require(State.StatusOf(trial) == TrialStatus.Stopped, $"{trial} is {State.StatusOf(trial)}");
            Require(State.ResultOf(trial) is null, $"{trial} has a result");
            Require(State.Selection!.Best != trial.Configuration, $"{trial} was stopped, and is of the best");
        }

        Require(State.Totals.StoppedByUser == _stoppedByUser.Count, $"{State.Totals.StoppedByUser} count as stopped");
        if (simulation.Options is not { Schedule: null, Search: null })
            return;
        Require(State.Audit().Stopped == _stoppedByUser.Count, $"{State.Audit().Stopped} trials are stopped");
        var undisturbed = Lines(Simulation.Train(simulation.Options, Simulation.Sweep).State);
        var lines = Lines(State);
        foreach (var trial in State.Trials().Where(trial => !trial.IsRefit && !_stoppedByUser.Contains(trial)))
            Require(lines[$"trial {trial}"] == undisturbed[$"trial {trial}"], $"{trial} has another result");
    }

    private static Dictionary<string, string> Lines(SweepState state) => ResultsDigest.Lines(state)
        .Where(line => line.StartsWith("trial ", StringComparison.Ordinal))
        .ToDictionary(line => string.Join(' ', line.Split(' ')[..2]));

    private void RequireReason(TrialId trial, string reason)
    {
        var failures = Events.OfType<TrialFailed>().Where(failed => failed.Trial == trial).ToList();
        Require(
            failures.Count == 3 && failures.TrueForAll(failed => failed.Message.StartsWith(
                reason, StringComparison.Ordinal)),
            $"{trial} failed {failures.Count} times: {failures.LastOrDefault()?.Message}");
    }

    private void Check(SweepEvent @event)
    {
        switch (@event)
        {
            case TrialStopped stopped:
                Require(!_completed.Contains(stopped.Trial), $"{stopped.Trial} is stopped after its result");
                Require(_stoppedByUser.Add(stopped.Trial), $"{stopped.Trial} is stopped twice");
                break;
            case TrialEvent late when _stoppedByUser.Contains(late.Trial):
                throw new InvariantException($"{late.GetType().Name} of {late.Trial} after it was stopped");
            case TrialStarted started:
                Require(!_completed.Contains(started.Trial), $"{started.Trial} starts again after its result");
                var next = _attempts[started.Trial] = _attempts.GetValueOrDefault(started.Trial) + 1;
                Require(started.Attempt == next, $"{started.Trial} starts attempt {started.Attempt} and not {next}");
                break;
            case TrialCompleted completed:
                CheckResult(completed, completed.Result);
                Require(_completed.Add(completed.Trial), $"{completed.Trial} has two results");
                break;
            case TrialReused reused:
                CheckReuse(reused);
                break;
            case RungReached reached:
                CheckResult(reached, reached.Result);
                _reached[reached.Trial] = reached.Result.Epochs;
                break;
            case RungDecided decided:
                CheckRung(decided);
                break;
            case AttemptExpired expired:
                CheckExpiry(expired);
                break;
            case SweepPaused paused:
                throw new InvariantException($"nobody paused the sweep: {paused.Reason}");
            case TrialSetAside aside:
                _setAside.Add(aside.Trial);
                break;
        }
    }

    private void CheckReuse(TrialReused reused)
    {
        Require(State.RunningOf(reused.Trial) is null, $"{reused.Trial} is taken over while it runs");
        CheckWeights(reused.Trial, reused.Trial.ToString(), reused.Result);
        if (reused.Result.Outcome != TrainingOutcome.Stopped)
            Require(_completed.Add(reused.Trial), $"{reused.Trial} has two results");
    }

    private void CheckResult(AttemptEvent @event, TrialResult result)
    {
        var attempt = new AttemptId(@event.Trial, @event.Attempt);
        Require(_finished.Contains(attempt), $"{attempt} has a result, but its silo never trained it to the end");
        CheckWeights(@event.Trial, attempt.ToString(), result);
    }

    private void CheckWeights(TrialId trial, string name, TrialResult result)
    {
        var right = FakeTrainer.Undisturbed(trial, result.Epochs);
        Require(result.WeightsDigest == right.WeightsDigest, $"{name} has other weights than undisturbed");
        // A stopped configuration whose trainings had all ended by themselves may still be the best.
        var isOver = _stopped.Contains(trial.Configuration) && !trial.IsRefit;
        Require(!isOver, $"{name} has a result after its stop");
    }

    // Everybody who was ever dropped stays so, and each rung keeps no more than its plan says.
    private void CheckRung(RungDecided decided)
    {
        var schedule = simulation.Options.Schedule!;
        var shape = schedule.Shapes[decided.Bracket % schedule.Shapes.Count];
        if (schedule.Order == RungOrder.Index)
        {
            CheckNext(decided, shape);
        }
        else
        {
            Require(
                decided.Promoted.Count <= shape.Rungs[decided.Rung].Keep,
                $"rung {decided.Rung} of bracket {decided.Bracket} keeps {decided.Promoted.Count}");
        }

        foreach (var place in decided.Promoted.Concat(decided.Dropped))
            Require(!_stopped.Contains(place.Configuration), $"configuration {place.Configuration} was stopped before");
        _stopped.UnionWith(decided.Dropped.Select(place => place.Configuration));
    }

    // In the order of indices, nobody left out, and by the values of those before alone.
    private void CheckNext(RungDecided decided, BracketShape shape)
    {
        var place = decided.Promoted.Concat(decided.Dropped).Single();
        var (rung, came) = (shape.Rungs[decided.Rung], _came.GetValueOrDefault(decided.Rung) ?? []);
        _came[decided.Rung] = came;
        var last = came.Count > 0 ? came[^1].Configuration : -1;
        Require(place.Configuration > last, $"configuration {place.Configuration} comes after {last}");
        var skipped = Enumerable.Range(last + 1, place.Configuration - last - 1).Where(i => !_stopped.Contains(i));
        Require(!skipped.Any(), $"rung {decided.Rung} left {string.Join(' ', skipped)} out");
        came.Add(place);
        // Who is better by several objectives, the undisturbed digest tells.
        if (simulation.Options.Objectives is not null)
            return;
        var better = came.Count(other => other.Value > place.Value);
        var among = came.Count(other => !double.IsNaN(other.Value));
        var passes = !double.IsNaN(place.Value)
            && (among <= rung.Warmup || (rung.RoundsUp
                // The median: no more than half of those before it are ahead.
                ? 2 * better <= among - 1
                : better < Math.Max(1, among * rung.Keep / shape.Size)));
        // Chance may explain less, never more.
        Require(
            decided.Promoted.Count == (passes ? 1 : 0) || (passes && rung.Alpha is not null),
            $"{better} of those before it are better than {place.Configuration}, which passes: {!passes}");
    }

    private void CheckExpiry(AttemptExpired expired)
    {
        Expired++;
        var holder = State.RunningOf(expired.Trial)!.Silo;
        var silo = _silos[holder.Incarnation];
        var quiet = simulation.Time.Elapsed - silo.Process.LastDisturbed;
        // A margin for the heartbeat under way when the lease was judged.
        var enough = simulation.Options.Lease + simulation.Options.Heartbeat;
        var healthy = silo.Process.IsUp && silo.Id == holder && quiet > enough;
        var attempt = new AttemptId(expired.Trial, expired.Attempt);
        Require(!healthy, $"{holder} is healthy since {quiet.TotalSeconds:0.0} s, but its attempt {attempt} expired");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvariantException(otherwise);
    }
}

/// <summary>The simulation found something that must not be.</summary>
internal sealed class InvariantException(string message) : Exception(message);
