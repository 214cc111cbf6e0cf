namespace Sweeps.Storage;

internal sealed class MemoryMetrics : IMetricStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedDictionary<(int Configuration, int Fold, int Attempt, int Epoch), MetricRow>> _sweeps = [];

    public Task PutAsync(IReadOnlyList<MetricRow> rows, CancellationToken cancellationToken = default)
    {
        foreach (var row in rows)
            StoreRules.Check(row);
        lock (_lock)
        {
            foreach (var row in rows)
            {
                if (!_sweeps.TryGetValue(row.Trial.Sweep, out var sweep))
                    _sweeps[row.Trial.Sweep] = sweep = [];
                sweep[(row.Trial.Configuration, row.Trial.Fold, row.Attempt, row.Report.Epoch)] = row;
            }
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<MetricRow>> ReadAsync(string sweep, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<MetricRow>>([.. _sweeps.GetValueOrDefault(sweep)?.Values ?? Enumerable.Empty<MetricRow>()]);
    }

    public async Task<IReadOnlyList<MetricRow>> ReadTrialAsync(
        TrialKey trial, CancellationToken cancellationToken = default) =>
        [.. (await ReadAsync(trial.Sweep, cancellationToken)).Where(row => row.Trial == trial)];
}
