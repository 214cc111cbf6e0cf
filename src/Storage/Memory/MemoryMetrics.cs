namespace Sweeps.Storage;

internal sealed class MemoryMetrics(MemoryLog log) : IMetricStore
{
    private readonly Lock _lock = new();

    /// <summary>By sweep, then by configuration, fold, attempt and epoch.</summary>
    private readonly Dictionary<string, SortedDictionary<(int, int, int, int), MetricRow>> _sweeps = [];

    public Task PutAsync(IReadOnlyList<MetricRow> rows, CancellationToken cancellationToken = default) =>
        MemoryTask.Run(() => Put(rows));

    public Task<IReadOnlyList<MetricRow>> ReadAsync(string sweep, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<MetricRow>>(
                [.. _sweeps.GetValueOrDefault(sweep)?.Values ?? Enumerable.Empty<MetricRow>()]);
        }
    }

    public async Task<IReadOnlyList<MetricRow>> ReadTrialAsync(
        TrialKey trial, CancellationToken cancellationToken = default) =>
        [.. (await ReadAsync(trial.Sweep, cancellationToken)).Where(row => row.Trial == trial)];

    private int Put(IReadOnlyList<MetricRow> rows)
    {
        foreach (var row in rows)
            StoreRules.Check(row);
        foreach (var sweep in rows.Select(row => row.Trial.Sweep).Distinct())
            log.Require(sweep);
        lock (_lock)
        {
            foreach (var row in rows)
            {
                if (!_sweeps.TryGetValue(row.Trial.Sweep, out var sweep))
                    _sweeps[row.Trial.Sweep] = sweep = [];
                sweep[(row.Trial.Configuration, row.Trial.Fold, row.Attempt, row.Report.Epoch)] = row;
            }
        }

        return rows.Count;
    }
}
