using Sweeps.Core.Trainings;

namespace Sweeps.Storage;

/// <summary>What one epoch of one attempt gave.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Report">The numbers; the epoch is part of the row's key.</param>
public sealed record MetricRow(TrialKey Trial, int Attempt, EpochReport Report);
