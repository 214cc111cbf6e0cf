namespace Orleans.Silo;

/// <summary>The life of an activation.</summary>
internal enum ActivationState
{
    /// <summary>Nothing has called it yet.</summary>
    Created,

    /// <summary>Entered by the first call: the grain is constructed and OnActivateAsync runs; calls wait.</summary>
    Activating,

    /// <summary>Entered when OnActivateAsync has ended: calls run.</summary>
    Valid,

    /// <summary>Entered when it is to end and no call runs: OnDeactivateAsync runs; calls wait.</summary>
    Deactivating,

    /// <summary>The end: calls that wait go to the next activation, or fail if this one never became valid.</summary>
    Invalid,
}
