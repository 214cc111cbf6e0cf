
namespace Sweeps.Grains.Contracts;

/// <summary>Moves waiting trials in the order of work.</summary>
/// <param name="Configuration">The configuration, from 0.</param>
/// <param name="Fold">One fold; null: all.</param>
/// <param name="Priority">Higher runs earlier; 0 is the default.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.PriorityRequest")]
public sealed record PriorityRequest(
    [property: Id(0)] int Configuration, [property: Id(1)] int? Fold, [property: Id(2)] int Priority);
