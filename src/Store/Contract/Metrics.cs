using Sweeps.Core.Trainings;

namespace Sweeps.Store.Contract;

/// <summary>
/// Epoch metrics. They are not events: they may be lost or repeated without changing any decision already made.
/// </summary>
public interface IMetricStore
{
    /// <summary>
    /// Writes rows; a row with the same trial, attempt and epoch is replaced, so repeating a call is harmless.
    /// </summary>
    Task PutAsync(IReadOnlyList<MetricRow> rows, CancellationToken cancellationToken = default);

    /// <summary>All rows of a sweep, by configuration, fold, attempt and epoch.</summary>
    Task<IReadOnlyList<MetricRow>> ReadAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>All rows of one trial, by attempt and epoch.</summary>
    Task<IReadOnlyList<MetricRow>> ReadTrialAsync(TrialKey trial, CancellationToken cancellationToken = default);

    /// <summary>All rows of some trials, of any sweeps, in one question; of each by attempt and epoch.</summary>
    /// <param name="trials">The trials, each once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<MetricRow>> ReadTrialsAsync(
        IReadOnlyCollection<TrialKey> trials, CancellationToken cancellationToken = default);
}

/// <summary>What one epoch of one attempt gave; trial, attempt and the report's epoch are the row's key.</summary>
public sealed record MetricRow(TrialKey Trial, int Attempt, EpochReport Report);

/// <summary>Names a trial in the rows beside the log.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Configuration">The configuration's number, from 0.</param>
/// <param name="Fold">The fold, from 0; -1: no fold (the refit on all data).</param>
public readonly record struct TrialKey(string Sweep, int Configuration, int Fold);
