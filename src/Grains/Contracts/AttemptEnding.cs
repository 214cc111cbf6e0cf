namespace Sweeps.Grains.Contracts;

/// <summary>How an attempt ended on its silo.</summary>
public enum AttemptEnding
{
    /// <summary>The training gave a result; a diverged one is a result.</summary>
    Completed,

    /// <summary>The scheduler ended it before its last epoch.</summary>
    Stopped,

    /// <summary>The training failed.</summary>
    Failed,

    /// <summary>The silo hands the trial back: it drains, or has too many trials in hand.</summary>
    Released,

    /// <summary>It ran longer than allowed.</summary>
    TimedOut,

    /// <summary>The sweep wants it no more (cancelled, or another attempt is current): nothing to report.</summary>
    Dropped,
}
