namespace Sweeps.Core.Training;

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
