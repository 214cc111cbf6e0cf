namespace Sweeps.Core.Trainings;

/// <summary>A training cannot be done; the message says what, where, what is allowed and the next step.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What to do about it.</param>
    /// <param name="message">For the user, complete.</param>
    /// <param name="inner">The cause, if another exception is.</param>
    public TrainingException(TrainingFailure kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    /// <summary>What to do about it.</summary>
    public TrainingFailure Kind { get; }
}

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
