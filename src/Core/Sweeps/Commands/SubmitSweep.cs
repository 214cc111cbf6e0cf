namespace Sweeps.Core.Sweeps.Commands;

/// <summary>
/// Begins a sweep. Again with the same plan: no events; with another plan: <see cref="RejectionKind.Conflict"/>.
/// </summary>
/// <param name="Plan">What to do.</param>
public sealed record SubmitSweep(SweepPlan Plan) : SweepCommand;
