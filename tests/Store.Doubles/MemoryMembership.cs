using Sweeps.Store.Contract;

namespace Sweeps.Store.Doubles;

internal sealed class MemoryMembership : IMembershipStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Table> _clusters = [];

    public Task InitializeAsync(string cluster, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            _clusters.TryAdd(cluster, new Table());
        return Task.CompletedTask;
    }

    public Task<MembershipTable> ReadAsync(string cluster, CancellationToken cancellationToken = default) =>
        Task.FromResult(Read(cluster, _ => true));

    public Task<MembershipTable> ReadRowAsync(
        string cluster, string silo, CancellationToken cancellationToken = default) =>
        Task.FromResult(Read(cluster, row => row.Entry.Silo == silo));

    public Task<bool> InsertRowAsync(
        string cluster, MembershipEntry entry, long tableVersion, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (!TryGet(cluster, tableVersion, out var table) || !table.Rows.TryAdd(entry.Silo, new(entry, 1)))
                return Task.FromResult(false);
            table.Version++;
            return Task.FromResult(true);
        }
    }

    public Task<bool> UpdateRowAsync(
        string cluster,
        MembershipEntry entry,
        long rowVersion,
        long tableVersion,
        CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (!TryGet(cluster, tableVersion, out var table)
                || !table.Rows.TryGetValue(entry.Silo, out var row)
                || row.Version != rowVersion)
            {
                return Task.FromResult(false);
            }

            table.Rows[entry.Silo] = new(entry, rowVersion + 1);
            table.Version++;
            return Task.FromResult(true);
        }
    }

    public Task UpdateIAmAliveAsync(
        string cluster, string silo, DateTimeOffset iAmAlive, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_clusters.TryGetValue(cluster, out var table) && table.Rows.TryGetValue(silo, out var row))
                table.Rows[silo] = row with { Entry = row.Entry with { IAmAlive = iAmAlive } };
        }

        return Task.CompletedTask;
    }

    public Task DeleteAsync(string cluster, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            _clusters.Remove(cluster);
        return Task.CompletedTask;
    }

    public Task<int> CleanupAsync(string cluster, DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (!_clusters.TryGetValue(cluster, out var table))
                return Task.FromResult(0);
            var old = table.Rows.Values.Where(row => !row.Entry.IsActive && row.Entry.IAmAlive < before).ToList();
            foreach (var row in old)
                table.Rows.Remove(row.Entry.Silo);
            return Task.FromResult(old.Count);
        }
    }

    private MembershipTable Read(string cluster, Func<MembershipRow, bool> condition)
    {
        lock (_lock)
        {
            return _clusters.TryGetValue(cluster, out var table)
                ? new(table.Version, [.. table.Rows.Values.Where(condition)])
                : new(0, []);
        }
    }

    private bool TryGet(string cluster, long version, out Table table) =>
        _clusters.TryGetValue(cluster, out table!) && table.Version == version;

    private sealed class Table
    {
        public long Version { get; set; }

        public SortedDictionary<string, MembershipRow> Rows { get; } = new(StringComparer.Ordinal);
    }
}
