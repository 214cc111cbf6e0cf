namespace Sweeps.Client.Sweep.Proof;

/// <summary>What a drill does.</summary>
internal sealed record DrillSetup
{
    /// <summary>Id of the sweep that nothing happens to.</summary>
    public required string Undisturbed { get; init; }

    /// <summary>Id of the same sweep whose silos are killed.</summary>
    public required string Disturbed { get; init; }

    /// <summary>Silos to kill.</summary>
    public required int Kills { get; init; }

    /// <summary>Silo processes of the drill at a time: one where the store belongs to one process.</summary>
    public required int Silos { get; init; }

    /// <summary>The words of the command that starts the drill's silo of a number, for a sweep.</summary>
    public required Func<string, int, IReadOnlyList<string>> Command { get; init; }

    /// <summary>The store as the user typed it; null: as the environment says, or the default.</summary>
    public string? Store { get; init; }

    /// <summary>Name of the drill's silo of a number.</summary>
    public static string NameOf(int number) => FormattableString.Invariant($"drill-{Environment.ProcessId}-{number}");
}
