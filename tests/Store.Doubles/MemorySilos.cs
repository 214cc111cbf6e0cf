using Sweeps.Store.Contract;

namespace Sweeps.Store.Doubles;

internal sealed class MemorySilos(TimeProvider time, ChangeSignal changes) : ISiloDirectory
{
    private readonly Lock _lock = new();

    /// <summary>By incarnation, in the order of entering: what a run returns does not depend on hashing.</summary>
    private readonly OrderedDictionary<string, SiloRow> _silos = [];

    public Task<bool> RegisterAsync(SiloRegistration silo, CancellationToken cancellationToken = default)
    {
        SiloRules.Check(silo);
        var now = StoreClock.Now(time);
        var row = new SiloRow(
            silo.Name,
            silo.Incarnation,
            silo.Host,
            silo.Version,
            silo.Fingerprint,
            SiloState.Active,
            silo.Slots,
            RequestedSlots: null,
            Training: "[]",
            ImagesPerSecond: 0,
            Started: now,
            LastSeen: now)
        {
            Serves = silo.Serves,
            Lease = silo.Lease,
            Data = silo.Data,
        };
        lock (_lock)
        {
            if (_silos.Values.Any(other => other.Name == silo.Name && IsLiving(other)
                && other.LastSeen >= now - other.Lease && other.Incarnation != silo.Incarnation))
                return Task.FromResult(false);
            if (!_silos.TryAdd(silo.Incarnation, row))
                return Task.FromException<bool>(SiloRules.AlreadyKnown(silo.Incarnation));
        }

        changes.Raise(ChangeTopics.Silos);
        return Task.FromResult(true);
    }

    public Task<HeartbeatAnswer> HeartbeatAsync(SiloHeartbeat heartbeat, CancellationToken cancellationToken = default)
    {
        SiloRules.Check(heartbeat);
        var now = StoreClock.Now(time);
        var changed = false;
        HeartbeatAnswer answer;
        lock (_lock)
        {
            if (!_silos.TryGetValue(heartbeat.Incarnation, out var row) || !IsLiving(row))
                return Task.FromResult(new HeartbeatAnswer(false, null, now));
            var state = heartbeat.IsDraining ? SiloState.Draining : row.State;
            changed = state != row.State;
            _silos[heartbeat.Incarnation] = row with
            {
                State = state,
                Slots = heartbeat.Slots,
                Training = heartbeat.Training,
                ImagesPerSecond = heartbeat.ImagesPerSecond,
                LastSeen = now,
            };
            answer = new HeartbeatAnswer(true, row.RequestedSlots, now);
        }

        if (changed)
            changes.Raise(ChangeTopics.Silos);
        return Task.FromResult(answer);
    }

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken = default)
    {
        var found = Change(
            row => row.Incarnation == incarnation,
            row => row with { State = SiloState.Left, LastSeen = StoreClock.Now(time) });
        return Task.FromResult(found);
    }

    public Task<IReadOnlyList<string>> ExpireAsync(
        TimeSpan lease, string? judge, CancellationToken cancellationToken = default)
    {
        var oldest = StoreClock.Now(time) - lease;
        lock (_lock)
        {
            IReadOnlyList<string> none = [];
            var judges = judge is null
                || (_silos.TryGetValue(judge, out var own) && own.LastSeen >= oldest + (lease / 2));
            return Task.FromResult(
                judges ? Change(row => row.LastSeen < oldest, row => row with { State = SiloState.Lost }) : none);
        }
    }

    public Task<IReadOnlyList<SiloRow>> ListAsync(CancellationToken cancellationToken = default)
    {
        var now = StoreClock.Now(time);
        lock (_lock)
        {
            IReadOnlyList<SiloRow> rows =
            [
                .. _silos.Values
                    .OrderBy(row => row.Name, StringComparer.Ordinal)
                    .ThenByDescending(row => row.Started)
                    .ThenBy(row => row.Incarnation, StringComparer.Ordinal)
                    .Select(row => row with { IsOverdue = IsLiving(row) && row.LastSeen < now - row.Lease }),
            ];
            return Task.FromResult(rows);
        }
    }

    public Task<bool> RequestSlotsAsync(string name, int? slots, CancellationToken cancellationToken = default)
    {
        SiloRules.CheckSlots(slots);
        return Task.FromResult(Change(row => row.Name == name, row => row with { RequestedSlots = slots }).Count > 0);
    }

    public Task<int> ForgetAsync(TimeSpan age, CancellationToken cancellationToken = default)
    {
        var oldest = StoreClock.Now(time) - age;
        lock (_lock)
        {
            var gone = _silos.Values.Where(row => !IsLiving(row) && row.LastSeen < oldest).ToList();
            foreach (var row in gone)
                _silos.Remove(row.Incarnation);
            return Task.FromResult(gone.Count);
        }
    }

    /// <summary>Changes the living silos that the condition holds for; returns their incarnations.</summary>
    private IReadOnlyList<string> Change(Func<SiloRow, bool> condition, Func<SiloRow, SiloRow> change)
    {
        List<SiloRow> found;
        lock (_lock)
        {
            found = [.. _silos.Values.Where(row => IsLiving(row) && condition(row))];
            foreach (var row in found)
                _silos[row.Incarnation] = change(row);
        }

        if (found.Count > 0)
            changes.Raise(ChangeTopics.Silos);
        return [.. found.Select(row => row.Incarnation)];
    }

    private static bool IsLiving(SiloRow row) => row.State is SiloState.Active or SiloState.Draining;
}
