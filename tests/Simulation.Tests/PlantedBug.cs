namespace Sweeps.Simulation.Tests;

/// <summary>Bugs that a test plants to see that the simulator finds them.</summary>
internal enum PlantedBug
{
    None,

    /// <summary>Reports of an old attempt count as the current one's.</summary>
    FencingOff,

    /// <summary>Silos send one heartbeat and no more.</summary>
    LeaseNotRenewed,

    /// <summary>After an append with unknown outcome the result is appended again instead of decided again.</summary>
    ResultWrittenTwice,
}
