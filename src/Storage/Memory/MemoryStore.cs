namespace Sweeps.Storage;

/// <summary>
/// The store in memory, for the simulator and for tests of other parts. Every call is done when it returns, in the
/// order of the calls; time comes from the provider alone, so a run over virtual time repeats exactly.
/// </summary>
public sealed class MemoryStore : ISweepStore
{
    private readonly TimeProvider _time;

    /// <summary>Creates an empty store.</summary>
    /// <param name="time">The store's clock; null: the system's.</param>
    public MemoryStore(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        var changes = new ChangeSignal(_time);
        Changes = changes;
        var log = new MemoryLog(_time, changes);
        Log = log;
        Metrics = new MemoryMetrics(log);
        Artifacts = new MemoryArtifacts(log, _time);
        Silos = new MemorySilos(_time, changes);
        Membership = new MemoryMembership();
    }

    /// <inheritdoc />
    public StoreAddress Address => StoreAddress.Memory;

    /// <inheritdoc />
    public bool IsShared => false;

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
    public IChangeFeed Changes { get; }

    /// <inheritdoc />
    public StoreStatistics Statistics => default;

    /// <inheritdoc />
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(StoreClock.Now(_time));

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
