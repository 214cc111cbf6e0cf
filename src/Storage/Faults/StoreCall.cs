namespace Sweeps.Storage;

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

    /// <summary>The changing calls of <see cref="IMembershipStore"/>.</summary>
    WriteMembership,

    /// <summary>The reading calls of <see cref="IMembershipStore"/>.</summary>
    ReadMembership,

    /// <summary><see cref="ISweepStore.NowAsync"/>.</summary>
    ReadClock,
}
