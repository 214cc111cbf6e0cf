namespace Sweeps.Storage;

/// <summary>How a store is opened.</summary>
public enum StoreAccess
{
    /// <summary>Reads and writes; creates the store if it is not there. SQLite: one process at a time.</summary>
    ReadWrite = 0,

    /// <summary>
    /// Reads only, also beside a process that writes; every write is an error. The store must be there.
    /// </summary>
    ReadOnly = 1,
}
