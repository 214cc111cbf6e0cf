using Sweeps.Core.Trainings;

namespace Sweeps.Core.Decisions;

/// <summary>How often what is tried again. An attempt that a silo hands back because it ends is never counted.</summary>
public sealed record RetryPolicy
{
    /// <summary>Retries after an error; default 2, so three attempts.</summary>
    public int ErrorRetries { get; init; } = 2;

    /// <summary>Retries without neighbours after memory ran out; default 2.</summary>
    public int OutOfMemoryRetries { get; init; } = 2;

    /// <summary>
    /// Silos that may die or hang with a trial, without progress between, before it is set aside; default 3. The last
    /// try runs without neighbours: trials that shared their silos with the guilty one thereby clear themselves.
    /// </summary>
    public int SilosBeforeSetAside { get; init; } = 3;

    /// <summary>
    /// The bound for one trial. Silos that died without it speak for it: where machines are switched off all day, dying
    /// with three of them means nothing. Every second one raises the bound by one.
    /// </summary>
    /// <param name="lossesWithout">Silos that the sweep lost while this trial was not running on them.</param>
    public int StrikesBeforeSetAside(int lossesWithout) => SilosBeforeSetAside + (lossesWithout / 2);

    /// <summary>
    /// Times in a row that silos may hand a trial back before it could begin, until that counts as an error; default 5.
    /// </summary>
    public int StallsBeforeError { get; init; } = 5;

    /// <summary>Different trials with the same error that pause the sweep; default 3.</summary>
    public int EqualErrorsBeforePause { get; init; } = 3;

    /// <summary>Whether a trial that failed like this gets another attempt.</summary>
    /// <param name="errors">Errors of this trial before.</param>
    /// <param name="outOfMemory">Times that memory ran out before.</param>
    public bool Retries(TrainingFailure kind, int errors, int outOfMemory) => kind switch
    {
        TrainingFailure.Error => errors < ErrorRetries,
        TrainingFailure.OutOfMemory => outOfMemory < OutOfMemoryRetries,
        _ => false,
    };
}
