namespace Sweeps.Storage;

internal sealed class FaultyMetrics(IMetricStore inner, FaultGate gate) : IMetricStore
{
    public Task PutAsync(IReadOnlyList<MetricRow> rows, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.PutMetrics, () => inner.PutAsync(rows, cancellationToken));

    public Task<IReadOnlyList<MetricRow>> ReadAsync(string sweep, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadMetrics, () => inner.ReadAsync(sweep, cancellationToken));

    public Task<IReadOnlyList<MetricRow>> ReadTrialAsync(
        TrialKey trial, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadMetrics, () => inner.ReadTrialAsync(trial, cancellationToken));
}
