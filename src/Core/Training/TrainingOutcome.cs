namespace Sweeps.Core.Training;

/// <summary>How a training that produced a result ended. What produced none is an exception.</summary>
public enum TrainingOutcome
{
    /// <summary>All epochs ran.</summary>
    Completed,

    /// <summary>The validation loss reached a plateau (<see cref="TrainingRequest.Patience"/>).</summary>
    StoppedEarly,

    /// <summary>The observer asked to stop: a scheduler's decision, a cancelled sweep, a draining silo.</summary>
    Stopped,

    /// <summary>The loss or a weight became NaN or infinite; kept as a result.</summary>
    Diverged,
}
