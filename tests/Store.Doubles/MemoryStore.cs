using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Doubles;

/// <summary>
/// The store in memory, for the simulator and for tests of other parts. Every call is done when it returns, in the
/// order of the calls; time comes from the provider alone, so a run over virtual time repeats exactly.
/// </summary>
public sealed class MemoryStore : ISweepStore
{
    private readonly TimeProvider _time;

    /// <summary>Creates an empty store.</summary>
    /// <param name="time">The store's clock; null: the system's.</param>
    public MemoryStore(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        var changes = new ChangeSignal(_time);
        Changes = changes;
        var log = new MemoryLog(_time, changes);
        Log = log;
        var (metrics, artifacts) = (new MemoryMetrics(log), new MemoryArtifacts(log, _time));
        (Metrics, Artifacts) = (metrics, artifacts);
        log.IsKept = artifacts.HasKept;
        log.Removed = sweep =>
        {
            metrics.Remove(sweep);
            artifacts.Remove(sweep);
        };
        Silos = new MemorySilos(_time, changes);
    }

    /// <inheritdoc />
    public StoreAddress Address { get; } = new(StoreKind.Sqlite, "memory:");

    /// <inheritdoc />
    public bool IsShared => false;

    /// <inheritdoc />
    public ISweepLog Log { get; }

    /// <inheritdoc />
    public IMetricStore Metrics { get; }

    /// <inheritdoc />
    public IArtifactStore Artifacts { get; }

    /// <inheritdoc />
    public ISiloDirectory Silos { get; }

    /// <inheritdoc />
    public IChangeFeed Changes { get; }

    /// <inheritdoc />
    public StoreStatistics Statistics => default;

    /// <inheritdoc />
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(StoreClock.Now(_time));

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Work done at once whose errors arrive where those of the other stores do: in the task.</summary>
internal static class MemoryTask
{
    public static Task<T> Run<T>(Func<T> work)
    {
        try
        {
            return Task.FromResult(work());
        }
        catch (Exception error)
        {
            return Task.FromException<T>(error);
        }
    }
}

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

    public async Task<IReadOnlyList<MetricRow>> ReadTrialsAsync(
        IReadOnlyCollection<TrialKey> trials, CancellationToken cancellationToken = default)
    {
        var rows = new List<MetricRow>();
        foreach (var trial in trials)
            rows.AddRange(await ReadTrialAsync(trial, cancellationToken));
        return rows;
    }

    public void Remove(string sweep)
    {
        lock (_lock)
            _sweeps.Remove(sweep);
    }

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
