
namespace Sweeps.Grains.Contracts;

/// <summary>An attempt that a silo may train now.</summary>
/// <param name="Key">The attempt; every report carries it.</param>
/// <param name="Incarnation">The silo's incarnation that the attempt was given to.</param>
/// <param name="Request">What to train, as <see cref="Core.Trainings.TrainingRequestJson"/> writes it.</param>
/// <param name="IsExclusive">Without neighbours on the silo.</param>
/// <param name="Timeout">After which the attempt is given up; null: never.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.TrialAssignment")]
public sealed record TrialAssignment(
    [property: Id(0)] AttemptKey Key,
    [property: Id(1)] string Incarnation,
    [property: Id(2)] byte[] Request,
    [property: Id(3)] bool IsExclusive,
    [property: Id(4)] TimeSpan? Timeout);
