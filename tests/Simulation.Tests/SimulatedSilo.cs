using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Store.Contract;

namespace Sweeps.Simulation.Tests;

/// <summary>
/// A silo's worker: registers, keeps its lease, claims trials for its slots, trains and reports until it is heard.
/// </summary>
internal sealed class SimulatedSilo
{
    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan IdleMin = TimeSpan.FromSeconds(1);

    private readonly Simulation _simulation;
    private readonly Dictionary<AttemptId, SimulatedTraining> _held = [];
    private readonly double _speed;
    private readonly int _slots;
    private readonly string _name;
    private int _starts;
    private long _claim;
    private bool _claiming, _exclusive, _waitsForEmpty, _draining;
    private SiloId _id;
    private TimeSpan _idle = IdleMin;

    public SimulatedSilo(Simulation simulation, int index)
    {
        _simulation = simulation;
        _name = $"silo-{index}";
        _slots = 1 + simulation.Random.Next(simulation.Options.SlotsMax);
        _speed = 0.3 + simulation.Random.NextDouble() * 2;
        Process = new(simulation.Time);
        Coordinator = new(simulation, Process);
    }

    public SimulatedProcess Process { get; }

    public SimulatedCoordinator Coordinator { get; }

    public SiloId Id => _id;

    public IReadOnlyCollection<AttemptId> Held => _held.Keys;

    public bool IsAlone => _held.Count == 1;

    public double Speed => _speed;

    public void Start(bool coordinates)
    {
        Process.Start();
        if (coordinates)
            Coordinator.Start();
        Enter();
    }

    public void Kill() => Process.Kill();

    /// <summary>Hands everything back, leaves, and is gone for a while.</summary>
    public void Drain()
    {
        if (_draining)
            return;
        _draining = true;
        foreach (var attempt in _held.Keys.ToList())
            Report(attempt, new ReleaseTrial(attempt, "the silo drains"));
        Process.After(TimeSpan.FromSeconds(5), Leave);
    }

    /// <summary>Sends a report until it is answered, then forgets the attempt.</summary>
    public void Report(AttemptId attempt, AttemptCommand command)
    {
        if (!_held.TryGetValue(attempt, out var training) || training.Reporting)
            return;
        training.Reporting = true;
        Send();

        void Send()
        {
            if (!_held.TryGetValue(attempt, out var held) || held != training)
                return;
            _simulation.Ask(this, command, decision => Heard(attempt, training, decision));
            Process.After(ReplyTimeout, Send);
        }
    }

    private void Heard(AttemptId attempt, SimulatedTraining training, Decision decision)
    {
        if (!_held.TryGetValue(attempt, out var held) || held != training)
            return;
        if (decision.Rejection is { Kind: RejectionKind.Conflict } conflict)
            throw new InvariantException($"A silo's honest report was called a conflict: {conflict.Message}");
        _held.Remove(attempt);
        if (decision.Rejection is null)
            training.Accepted();
        if (training.Exclusive)
            _exclusive = false;
        Claim();
    }

    private void Enter()
    {
        _held.Clear();
        (_claiming, _exclusive, _waitsForEmpty, _draining, _claim) = (false, false, false, false, 0);
        _id = new(_name, $"{_name}.{++_starts}");
        _simulation.Watcher.Entered(_id, this);
        var registration = new SiloRegistration(_name, _id.Incarnation, "host", "1", _slots, "numerics");
        Register(_id.Incarnation, registration);
    }

    private void Register(string incarnation, SiloRegistration registration) => _simulation.Database.Call(
        Process,
        store => SimulatedDatabase.Done((Task)store.Silos.RegisterAsync(registration)),
        _ =>
        {
            Process.LastDisturbed = _simulation.Time.Elapsed;
            Beat(incarnation);
            Claim();
            Watch(incarnation);
        },
        () => Register(incarnation, registration));

    private void Beat(string incarnation)
    {
        if (incarnation != _id.Incarnation)
            return;
        var beat = new SiloHeartbeat(incarnation, _slots, "[]", 0, _draining);
        _simulation.Database.Call(
            Process,
            store => store.Silos.HeartbeatAsync(beat),
            answer =>
            {
                if (incarnation != _id.Incarnation)
                    return;
                if (!answer.IsAlive)
                    Enter();
                else if (_simulation.Options.Bug != PlantedBug.LeaseNotRenewed)
                    Process.After(_simulation.Options.Heartbeat, () => Beat(incarnation));
            },
            () => { Process.LastDisturbed = _simulation.Time.Elapsed; Beat(incarnation); });
    }

    private void Leave()
    {
        // Who leaves gives its lease up; if the answer is lost, others know it first.
        Process.LastDisturbed = _simulation.Time.Elapsed;
        _simulation.Database.Call(
            Process,
            store => SimulatedDatabase.Done(store.Silos.LeaveAsync(_id.Incarnation)),
            _ => { Kill(); _simulation.RestartLater(this); },
            Leave);
    }

    private void Watch(string incarnation)
    {
        if (incarnation != _id.Incarnation)
            return;
        Claim();
        Process.After(_idle, () => Watch(incarnation));
    }

    private void Claim()
    {
        if (_claiming || _draining || _exclusive || _held.Count >= _slots || (_waitsForEmpty && _held.Count > 0))
            return;
        _claiming = true;
        var number = ++_claim;
        var incarnation = _id.Incarnation;
        Send();

        void Send()
        {
            if (!_claiming || number != _claim || incarnation != _id.Incarnation)
                return;
            var free = _slots - _held.Count;
            var claim = new ClaimTrials(_id, number, free, "numerics", _held.Count == 0, [.. _held.Keys]);
            _simulation.Ask(this, claim, decision => Claimed(incarnation, number, decision));
            Process.After(ReplyTimeout, Send);
        }
    }

    private void Claimed(string incarnation, long number, Decision decision)
    {
        if (!_claiming || number != _claim || incarnation != _id.Incarnation)
            return;
        _claiming = false;
        _waitsForEmpty = decision.ExclusiveWaits;
        // An idle cluster asks less and less often.
        _idle = decision.Assignments.Count > 0 ? IdleMin : TimeSpan.FromSeconds(Math.Min(8, _idle.TotalSeconds * 2));
        foreach (var assignment in decision.Assignments)
        {
            var training = new SimulatedTraining(_simulation, this, assignment);
            if (!_held.TryAdd(assignment.Attempt, training))
                continue;
            _exclusive |= assignment.Exclusive;
            training.Start();
        }
    }
}

/// <summary>Finds silos whose lease ran out, by the store's clock, and takes their attempts from them.</summary>
internal sealed class LossDetector(Simulation simulation, SimulatedSilo silo)
{
    public void Look() => Call(
        store => store.Silos.ExpireAsync(simulation.Options.Lease, silo.Id.Incarnation), _ => List());

    private void List() => Call(
        store => store.Silos.ListAsync(),
        rows => Call(store => store.Artifacts.ListAsync(Simulation.Sweep), saved => Expire(rows, saved)));

    private void Expire(IReadOnlyList<SiloRow> rows, IReadOnlyList<ArtifactReference> saved)
    {
        var gone = rows
            .Where(row => row.State is SiloState.Lost or SiloState.Left)
            .Select(row => row.Incarnation)
            .ToHashSet();
        var epochs = saved
            .Where(item => item.Key.Name == ArtifactKey.Checkpoint)
            .ToDictionary(item => new TrialId(item.Key.Trial.Configuration, item.Key.Trial.Fold), item => item.Epoch);
        var atWork = silo.Coordinator.State?.SilosAtWork.ToList() ?? [];
        foreach (var lost in atWork.Where(at => gone.Contains(at.Incarnation)))
            silo.Coordinator.Ask(new ExpireSilo(lost, epochs, "its lease ran out"), _ => { });
    }

    private void Call<T>(Func<ISweepStore, Task<T>> work, Action<T> answer) =>
        simulation.Database.Call(silo.Process, work, answer, () => { });
}
