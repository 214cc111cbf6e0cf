namespace Sweeps.Core.Sweeps;

/// <summary>Why a command changed nothing.</summary>
public enum RejectionKind
{
    /// <summary>It was done before: the wish is fulfilled.</summary>
    Duplicate,

    /// <summary>
    /// It speaks for an attempt, a claim or a state that is over. A training that is told so must stop.
    /// </summary>
    Stale,

    /// <summary>It contradicts what is: another plan under the same id, a trial that does not exist.</summary>
    Conflict,

    /// <summary>The silo's numerics differ from the sweep's.</summary>
    Refused,

    /// <summary>Not now: the sweep is paused.</summary>
    Paused,

    /// <summary>The sweep has ended.</summary>
    Over,
}
