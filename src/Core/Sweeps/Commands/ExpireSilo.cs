namespace Sweeps.Core.Sweeps.Commands;

/// <summary>A silo's lease ran out, or its death is certain: all its attempts are taken from it.</summary>
/// <param name="Silo">The silo; only its incarnation is looked at.</param>
/// <param name="Epochs">
/// For each of its trials that has a checkpoint, the checkpoint's epoch. A trial that gained none since the last silo
/// it lost is suspected of killing them, and set aside after three.
/// </param>
/// <param name="Detail">More for people; null: nothing more.</param>
public sealed record ExpireSilo(SiloId Silo, IReadOnlyDictionary<TrialId, int>? Epochs = null, string? Detail = null)
    : SweepCommand;
