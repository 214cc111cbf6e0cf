namespace Sweeps.Storage;

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
}
