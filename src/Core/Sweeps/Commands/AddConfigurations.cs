namespace Sweeps.Core.Sweeps.Commands;

/// <summary>Try more configurations of the same search. Possible until the best is selected.</summary>
/// <param name="Total">The number of configurations wanted in all, so that a repeated command adds nothing.</param>
public sealed record AddConfigurations(int Total) : SweepCommand;
