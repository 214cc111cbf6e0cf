namespace Sweeps.Storage;

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
        Membership = new FaultyMembership(inner.Membership, _gate);
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
    public IMembershipStore Membership { get; }

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
