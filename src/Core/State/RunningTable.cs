using Sweeps.Core.Log;

namespace Sweeps.Core.State;

/// <summary>The attempts that hold their trials, by trial and by silo, and each silo's last claim.</summary>
internal sealed class RunningTable
{
    /// <summary>Silos remembered for their last claim; beyond it, those without work are forgotten.</summary>
    private const int MaxSilos = 20_000;

    private readonly Dictionary<TrialId, RunningAttempt> _byTrial = [];
    private readonly Dictionary<string, SiloWork> _bySilo = [];

    public int Count => _byTrial.Count;

    public IReadOnlyCollection<RunningAttempt> All => _byTrial.Values;

    public IEnumerable<SiloId> Silos => _bySilo.Values.Where(work => work.Trials.Count > 0).Select(work => work.Silo);

    public RunningAttempt? Find(TrialId trial) => _byTrial.GetValueOrDefault(trial);

    /// <summary>The attempts of an incarnation, by trial.</summary>
    public IReadOnlyList<RunningAttempt> Of(string incarnation) =>
        _bySilo.TryGetValue(incarnation, out var work) && work.Trials.Count > 0
            ? [.. work.Trials.Order().Select(trial => _byTrial[trial])]
            : [];

    public long LastClaimOf(string incarnation) =>
        _bySilo.TryGetValue(incarnation, out var work) ? work.LastClaim : 0;

    public void Add(RunningAttempt attempt, UndoLog? undo)
    {
        var silo = attempt.Silo.Incarnation;
        if (!_bySilo.TryGetValue(silo, out var work))
        {
            ForgetIdle(undo);
            _bySilo.Add(silo, work = new(attempt.Silo));
            undo?.Push(() => _bySilo.Remove(silo));
        }

        _byTrial.Add(attempt.Attempt.Trial, attempt);
        work.Trials.Add(attempt.Attempt.Trial);
        if (undo is not null)
            PushRemoval(attempt, work, undo);
        work.LastClaim = Math.Max(work.LastClaim, attempt.Claim);
    }

    public void Remove(TrialId trial, UndoLog? undo)
    {
        if (!_byTrial.Remove(trial, out var attempt))
            throw new InvalidOperationException($"Trial {trial} is not running.");
        var work = _bySilo[attempt.Silo.Incarnation];
        work.Trials.Remove(trial);
        if (undo is not null)
            PushReturn(attempt, work, undo);
    }

    public void Clear(UndoLog? undo)
    {
        foreach (var trial in _byTrial.Keys.ToArray())
            Remove(trial, undo);
    }

    /// <summary>Writes all of it.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteAll(_bySilo, pair =>
        {
            writer.Write(pair.Key);
            SaveSilo(writer, pair.Value.Silo);
            writer.Write(pair.Value.LastClaim);
        });
        writer.WriteAll(_byTrial.Values, attempt =>
        {
            writer.Write((attempt.Attempt, attempt.Claim, attempt.Exclusive, attempt.StartedAt));
            SaveSilo(writer, attempt.Silo);
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote into an empty table.</summary>
    public void Load(SnapshotReader reader)
    {
        reader.ReadAll(() => _bySilo.Add(
            reader.ReadText()!, new(LoadSilo(reader)) { LastClaim = reader.Read<long>() }));
        reader.ReadAll(() =>
        {
            var (attempt, claim, exclusive, startedAt) = reader.Read<(AttemptId, long, bool, DateTimeOffset)>();
            var running = new RunningAttempt(attempt, LoadSilo(reader), claim, exclusive, startedAt);
            _byTrial.Add(attempt.Trial, running);
            _bySilo[running.Silo.Incarnation].Trials.Add(attempt.Trial);
        });
    }

    private static void SaveSilo(SnapshotWriter writer, SiloId silo)
    {
        writer.Write(silo.Name);
        writer.Write(silo.Incarnation);
    }

    private static SiloId LoadSilo(SnapshotReader reader) => new(reader.ReadText()!, reader.ReadText()!);

    private void PushRemoval(RunningAttempt attempt, SiloWork work, UndoLog undo)
    {
        var claim = work.LastClaim;
        undo.Push(() =>
        {
            _byTrial.Remove(attempt.Attempt.Trial);
            work.Trials.Remove(attempt.Attempt.Trial);
            work.LastClaim = claim;
        });
    }

    private void PushReturn(RunningAttempt attempt, SiloWork work, UndoLog undo) => undo.Push(() =>
    {
        _byTrial.Add(attempt.Attempt.Trial, attempt);
        work.Trials.Add(attempt.Attempt.Trial);
    });

    private void ForgetIdle(UndoLog? undo)
    {
        if (_bySilo.Count < MaxSilos)
            return;
        foreach (var (silo, work) in _bySilo.Where(pair => pair.Value.Trials.Count == 0).ToArray())
        {
            _bySilo.Remove(silo);
            undo?.Push(() => _bySilo.Add(silo, work));
        }
    }

    private sealed class SiloWork(SiloId silo)
    {
        public SiloId Silo { get; } = silo;

        public long LastClaim { get; set; }

        public HashSet<TrialId> Trials { get; } = [];
    }
}

/// <summary>An attempt that holds its trial.</summary>
/// <param name="Attempt">Trial and attempt number.</param>
/// <param name="Silo">Who trains it.</param>
/// <param name="Claim">The silo's claim that got it.</param>
/// <param name="Exclusive">Without neighbours on the silo.</param>
/// <param name="StartedAt">When it was handed out.</param>
public sealed record RunningAttempt(
    AttemptId Attempt, SiloId Silo, long Claim, bool Exclusive, DateTimeOffset StartedAt);
