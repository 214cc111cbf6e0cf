using Sweeps.Store.Contract;

namespace Sweeps.Store.Doubles;

/// <summary>The calls that a fault can be planned for.</summary>
public enum StoreCall
{
    /// <summary><see cref="ISweepLog.AppendAsync"/>.</summary>
    AppendEvents,

    /// <summary><see cref="ISweepLog.ReadAsync"/>.</summary>
    ReadEvents,

    /// <summary><see cref="ISweepLog.FindAsync"/> and <see cref="ISweepLog.ListAsync"/>.</summary>
    ListSweeps,

    /// <summary><see cref="IMetricStore.PutAsync"/>.</summary>
    PutMetrics,

    /// <summary>The reading calls of <see cref="IMetricStore"/>.</summary>
    ReadMetrics,

    /// <summary>The changing calls of <see cref="IArtifactStore"/>.</summary>
    WriteArtifact,

    /// <summary>The reading calls of <see cref="IArtifactStore"/>.</summary>
    ReadArtifact,

    /// <summary>The changing calls of <see cref="ISiloDirectory"/> but heartbeats.</summary>
    WriteSilo,

    /// <summary><see cref="ISiloDirectory.HeartbeatAsync"/>.</summary>
    Heartbeat,

    /// <summary><see cref="ISiloDirectory.ListAsync"/>.</summary>
    ListSilos,

    /// <summary><see cref="ISweepStore.NowAsync"/>.</summary>
    ReadClock,
}

/// <summary>What goes wrong with a call.</summary>
public enum StoreFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The store is away: nothing is done, the caller gets an error.</summary>
    Outage = 1,

    /// <summary>The call is done, but its answer gets lost: the caller gets an error and does not know.</summary>
    LostAnswer = 2,

    /// <summary>
    /// Appends only: another writer was faster. Nothing is done and the caller gets a conflict. Elsewhere: none.
    /// </summary>
    Conflict = 3,

    /// <summary>Nothing is done, and the caller hears that what is stored is damaged.</summary>
    Damage = 4,
}
