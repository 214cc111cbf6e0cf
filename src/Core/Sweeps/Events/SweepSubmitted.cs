namespace Sweeps.Core.Sweeps.Events;

/// <summary>The first event of every log.</summary>
/// <param name="Plan">What the sweep will do.</param>
public sealed record SweepSubmitted(SweepPlan Plan) : SweepEvent;
