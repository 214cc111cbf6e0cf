using Sweeps.Core.State;

namespace Sweeps.Grains.Contracts;

/// <summary>Where a sweep stands, in numbers.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Sequence">The last event this coordinator has seen.</param>
/// <param name="Planned">Trials planned so far.</param>
/// <param name="Completed">Trials with a result.</param>
/// <param name="Failed">Trials that failed for good.</param>
/// <param name="Running">Attempts on silos now.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.SweepSnapshot")]
public sealed record SweepSnapshot(
    [property: Id(0)] SweepStatus Status,
    [property: Id(1)] long Sequence,
    [property: Id(2)] long Planned,
    [property: Id(3)] long Completed,
    [property: Id(4)] long Failed,
    [property: Id(5)] int Running);
