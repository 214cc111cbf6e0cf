namespace Sweeps.Core.Sweeps.Events;

/// <summary>All configurations are scored: which is best, and by which rule.</summary>
/// <param name="Selection">The choice and its companions.</param>
/// <param name="Refit">Whether a refit of the best follows, as a trial of its own.</param>
public sealed record BestSelected(Selection Selection, bool Refit) : SweepEvent;
