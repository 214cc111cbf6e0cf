
namespace Sweeps.Grains.Contracts;

/// <summary>What one epoch or several gave.</summary>
/// <param name="Key">The attempt.</param>
/// <param name="Reports">The numbers of each epoch since the last report.</param>
/// <param name="Checkpoint">The state to resume from after the last of them; null: not this time.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.EpochCompletion")]
public sealed record EpochCompletion(
    [property: Id(0)] AttemptKey Key,
    [property: Id(1)] EpochNumbers[] Reports,
    [property: Id(2)] byte[]? Checkpoint);
