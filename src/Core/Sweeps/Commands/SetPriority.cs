namespace Sweeps.Core.Sweeps.Commands;

/// <summary>Moves waiting trials in the order of work. Results do not depend on it.</summary>
/// <param name="Configuration">A configuration that was proposed.</param>
/// <param name="Priority">Higher runs earlier; 0 is the default.</param>
/// <param name="Fold">One fold; null: all.</param>
public sealed record SetPriority(int Configuration, int Priority, int? Fold = null) : SweepCommand;
