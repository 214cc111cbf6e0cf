using Sweeps.Core;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Doubles;

/// <summary>
/// A store in front of another one that fails as planned: for the simulator and for tests of what must survive it.
/// </summary>
public sealed class FaultyStore : ISweepStore
{
    private readonly ISweepStore _inner;
    private readonly FaultGate _gate;

    /// <summary>Puts faults in front of a store.</summary>
    /// <param name="inner">The store that does what is not made to fail; disposed with this one.</param>
    /// <param name="plan">Asked before each call what is to go wrong with it.</param>
    public FaultyStore(ISweepStore inner, Func<StoreCall, StoreFault> plan)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(plan);
        _inner = inner;
        _gate = new FaultGate(plan, inner.Address);
        Log = new FaultyLog(inner.Log, _gate);
        Metrics = new FaultyMetrics(inner.Metrics, _gate);
        Artifacts = new FaultyArtifacts(inner.Artifacts, _gate);
        Silos = new FaultySilos(inner.Silos, _gate);
    }

    /// <inheritdoc />
    public StoreAddress Address => _inner.Address;

    /// <inheritdoc />
    public bool IsShared => _inner.IsShared;

    /// <inheritdoc />
    public ISweepLog Log { get; }

    /// <inheritdoc />
    public IMetricStore Metrics { get; }

    /// <inheritdoc />
    public IArtifactStore Artifacts { get; }

    /// <inheritdoc />
    public ISiloDirectory Silos { get; }

    /// <inheritdoc />
    public IChangeFeed Changes => _inner.Changes;

    /// <inheritdoc />
    public StoreStatistics Statistics => _inner.Statistics;

    /// <inheritdoc />
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default) =>
        _gate.PassAsync(StoreCall.ReadClock, () => _inner.NowAsync(cancellationToken));

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}

/// <summary>Lets a call through, or not, or swallows its answer.</summary>
internal sealed class FaultGate(Func<StoreCall, StoreFault> plan, StoreAddress address)
{
    public StoreFault Next(StoreCall call) => plan(call);

    public Task<T> PassAsync<T>(StoreCall call, Func<Task<T>> work) => PassAsync(call, Next(call), work);

    public async Task<T> PassAsync<T>(StoreCall call, StoreFault fault, Func<Task<T>> work)
    {
        if (fault == StoreFault.Outage)
            throw new SweepsException(ErrorKind.Store, $"The store {address} is out of reach (injected, {call}).");
        if (fault == StoreFault.Damage)
            throw new StoreException(StoreReason.Damaged, $"What {address} holds is damaged (injected, {call}).");
        var answer = await work();
        return fault == StoreFault.LostAnswer
            ? throw new SweepsException(ErrorKind.Store, $"The store {address} did not answer (injected, {call}).")
            : answer;
    }

    public Task PassAsync(StoreCall call, Func<Task> work) => PassAsync(
        call,
        async () =>
        {
            await work();
            return true;
        });
}

internal sealed class FaultyLog(ISweepLog inner, FaultGate gate) : ISweepLog
{
    public async Task<AppendResult> AppendAsync(SweepAppend append, CancellationToken cancellationToken = default)
    {
        var fault = gate.Next(StoreCall.AppendEvents);
        return fault == StoreFault.Conflict
            ? await ConflictAsync(append, cancellationToken)
            : await gate.PassAsync(StoreCall.AppendEvents, fault, () => inner.AppendAsync(append, cancellationToken));
    }

    public Task<IReadOnlyList<StoredEvent>> ReadAsync(
        string sweep, long afterSequence, int limit = int.MaxValue, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadEvents, () => inner.ReadAsync(sweep, afterSequence, limit, cancellationToken));

    public Task<SweepSummary?> FindAsync(string sweep, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ListSweeps, () => inner.FindAsync(sweep, cancellationToken));

    public Task<IReadOnlyList<SweepSummary>> ListAsync(
        bool openOnly = false, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ListSweeps, () => inner.ListAsync(openOnly, cancellationToken));

    public Task<bool> DeleteAsync(string sweep, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.AppendEvents, () => inner.DeleteAsync(sweep, cancellationToken));

    public Task<bool> HasResultsAsync(string basis, string? except, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadEvents, () => inner.HasResultsAsync(basis, except, cancellationToken));

    public Task<IReadOnlyList<StoredResult>> FindResultsAsync(
        IReadOnlyCollection<SoughtResult> sought, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadEvents, () => inner.FindResultsAsync(sought, cancellationToken));

    public Task<bool> IsTakenAsync(string sweep, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ListSweeps, () => inner.IsTakenAsync(sweep, cancellationToken));

    private async Task<AppendResult> ConflictAsync(SweepAppend append, CancellationToken cancellationToken)
    {
        var now = await inner.FindAsync(append.Sweep, cancellationToken);
        return new AppendResult(false, now?.LastSequence ?? 0, now?.LastWritten ?? DateTimeOffset.UnixEpoch);
    }
}

internal sealed class FaultyMetrics(IMetricStore inner, FaultGate gate) : IMetricStore
{
    public Task PutAsync(IReadOnlyList<MetricRow> rows, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.PutMetrics, () => inner.PutAsync(rows, cancellationToken));

    public Task<IReadOnlyList<MetricRow>> ReadAsync(string sweep, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadMetrics, () => inner.ReadAsync(sweep, cancellationToken));

    public Task<IReadOnlyList<MetricRow>> ReadTrialAsync(
        TrialKey trial, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadMetrics, () => inner.ReadTrialAsync(trial, cancellationToken));

    public Task<IReadOnlyList<MetricRow>> ReadTrialsAsync(
        IReadOnlyCollection<TrialKey> trials, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadMetrics, () => inner.ReadTrialsAsync(trials, cancellationToken));
}

internal sealed class FaultyArtifacts(IArtifactStore inner, FaultGate gate) : IArtifactStore
{
    public Task<ArtifactReference?> SaveAsync(
        ArtifactKey key, int attempt, int epoch, Stream content, CancellationToken cancellationToken = default) =>
        gate.PassAsync(
            StoreCall.WriteArtifact, () => inner.SaveAsync(key, attempt, epoch, content, cancellationToken));

    public Task<ArtifactReference?> FindAsync(ArtifactKey key, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadArtifact, () => inner.FindAsync(key, cancellationToken));

    public Task<IReadOnlyList<ArtifactReference>> ListAsync(
        string sweep, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadArtifact, () => inner.ListAsync(sweep, cancellationToken));

    public Task<byte[]> ReadAsync(string digest, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadArtifact, () => inner.ReadAsync(digest, cancellationToken));

    public Task ReleaseAsync(ArtifactKey key, int attempt, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteArtifact, () => inner.ReleaseAsync(key, attempt, cancellationToken));

    public Task<PruneReport> PruneAsync(TimeSpan grace, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteArtifact, () => inner.PruneAsync(grace, cancellationToken));

    public Task CheckAsync(CancellationToken cancellationToken = default) => inner.CheckAsync(cancellationToken);
}

internal sealed class FaultySilos(ISiloDirectory inner, FaultGate gate) : ISiloDirectory
{
    public Task<bool> RegisterAsync(SiloRegistration silo, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteSilo, () => inner.RegisterAsync(silo, cancellationToken));

    public Task<HeartbeatAnswer> HeartbeatAsync(
        SiloHeartbeat heartbeat, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.Heartbeat, () => inner.HeartbeatAsync(heartbeat, cancellationToken));

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteSilo, () => inner.LeaveAsync(incarnation, cancellationToken));

    public Task<IReadOnlyList<string>> ExpireAsync(
        TimeSpan lease, string? judge, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteSilo, () => inner.ExpireAsync(lease, judge, cancellationToken));

    public Task<IReadOnlyList<SiloRow>> ListAsync(CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ListSilos, () => inner.ListAsync(cancellationToken));

    public Task<bool> RequestSlotsAsync(string name, int? slots, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteSilo, () => inner.RequestSlotsAsync(name, slots, cancellationToken));

    public Task<int> ForgetAsync(TimeSpan age, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteSilo, () => inner.ForgetAsync(age, cancellationToken));
}
