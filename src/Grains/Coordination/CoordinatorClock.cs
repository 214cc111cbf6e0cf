using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>The store's clock, read once a minute and carried on by this process's own in between.</summary>
public sealed class CoordinatorClock(ISweepStore store, TimeProvider time)
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);
    private DateTimeOffset _base;
    private long _since;

    /// <summary>The time by the store's clock, as of the last synchronisation.</summary>
    public DateTimeOffset Now => _base + time.GetElapsedTime(Volatile.Read(ref _since));

    /// <summary>Reads the store's clock if the last reading is too old.</summary>
    public async Task SynchroniseAsync(CancellationToken cancellation)
    {
        if (_base != default && time.GetElapsedTime(_since) < Validity)
            return;
        var read = await store.NowAsync(cancellation);
        (_base, _since) = (read, time.GetTimestamp());
    }
}
