namespace Sweeps.Core.Sweeps.Events;

/// <summary>The sweep will try more configurations than planned at first.</summary>
/// <param name="Total">The new number of configurations, larger than before.</param>
public sealed record ConfigurationsAdded(int Total) : SweepEvent;
