namespace Sweeps.Storage;

/// <summary>The databases behind the store's interface.</summary>
public enum StoreKind
{
    /// <summary>A file of this machine, one writing process at a time.</summary>
    Sqlite = 0,

    /// <summary>A server that any number of silos share.</summary>
    Postgres = 1,

    /// <summary>The memory of this process: gone with it.</summary>
    Memory = 2,
}
