namespace Sweeps.Core.Sweeps.Commands;

/// <summary>End the sweep now; results that are in are kept.</summary>
/// <param name="Reason">Why, for people.</param>
public sealed record CancelSweep(string Reason) : SweepCommand;
