namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>How the silos of a fault test work.</summary>
internal sealed record SiloChildSettings
{
    public int Slots { get; init; } = 2;

    /// <summary>How long one of the five epochs of a trial lasts.</summary>
    public TimeSpan Epoch { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Short, so that a test of many losses is.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(2);

    public string? LogFolder { get; init; }
}
