using Sweeps.Core.Trainings;

namespace Sweeps.Core.Sweeps.Events;

/// <summary>
/// The searcher proposed the next configurations, in index order. They are kept in full, so that a later version's
/// searcher never changes an old sweep.
/// </summary>
/// <param name="First">Index of the first; equals the number proposed before.</param>
/// <param name="Configurations">One for each index from <paramref name="First"/>.</param>
public sealed record ConfigurationsProposed(int First, IReadOnlyList<Hyperparameters> Configurations) : SweepEvent;
