namespace Sweeps.Storage;

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
}
