
namespace Sweeps.Grains.Contracts;

/// <summary>A sweep to begin.</summary>
/// <param name="Plan">The plan, as <see cref="Core.Log.SweepPlanJson"/> writes it.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.SubmitRequest")]
public sealed record SubmitRequest([property: Id(0)] byte[] Plan);
