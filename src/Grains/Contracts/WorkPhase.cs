namespace Sweeps.Grains.Contracts;

/// <summary>What a silo may expect of a sweep after an exchange.</summary>
public enum WorkPhase
{
    /// <summary>There is more to hand out.</summary>
    HasWork,

    /// <summary>All is handed out; more may come when running trials end, fail or expire.</summary>
    Waits,

    /// <summary>
    /// Trials wait for a silo without neighbours: finish what runs, then ask accepting exclusive ones.
    /// </summary>
    ExclusiveWaits,

    /// <summary>Paused: nothing until it is resumed.</summary>
    Paused,

    /// <summary>The sweep does not accept this silo: its numerics differ.</summary>
    Refused,

    /// <summary>The sweep has ended.</summary>
    Over,
}
