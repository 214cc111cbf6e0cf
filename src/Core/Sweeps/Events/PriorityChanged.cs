namespace Sweeps.Core.Sweeps.Events;

/// <summary>A configuration's waiting trials, or one of them, moved in the order of work.</summary>
/// <param name="Configuration">The configuration.</param>
/// <param name="Fold">One fold of it; null: all.</param>
/// <param name="Priority">Higher runs earlier; 0 is the default.</param>
public sealed record PriorityChanged(int Configuration, int? Fold, int Priority) : SweepEvent;
