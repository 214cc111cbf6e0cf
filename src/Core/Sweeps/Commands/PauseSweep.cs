namespace Sweeps.Core.Sweeps.Commands;

/// <summary>Hand out no more trials.</summary>
/// <param name="Reason">Why, for people.</param>
public sealed record PauseSweep(string Reason) : SweepCommand;
