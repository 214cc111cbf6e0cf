namespace Sweeps.Core.Training;

/// <summary>Why a training gave no result, by the cure it needs.</summary>
public enum TrainingFailure
{
    /// <summary>The data set is missing, damaged or does not fit the network: not retried.</summary>
    Data,

    /// <summary>The network cannot be built: not retried.</summary>
    Network,

    /// <summary>The checkpoint is damaged, of another version or of another request: the training starts again
    /// without it.</summary>
    Checkpoint,

    /// <summary>Memory ran out: retried with fewer neighbours.</summary>
    OutOfMemory,

    /// <summary>Anything else: retried a bounded number of times.</summary>
    Error,
}
