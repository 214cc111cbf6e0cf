namespace Sweeps.Core.Sweeps;

/// <summary>Why an attempt was taken from its silo.</summary>
public enum ExpiryReason
{
    /// <summary>The silo's lease ran out, or its death is certain.</summary>
    SiloLost,

    /// <summary>The attempt ran longer than <see cref="SweepPlan.AttemptTimeout"/>.</summary>
    Timeout,
}
