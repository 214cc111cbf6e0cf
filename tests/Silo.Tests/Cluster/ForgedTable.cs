using Sweeps.Silo.Cluster;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Tests.Cluster;

/// <summary>A membership table that a stranger made up, with the address of a real silo in it.</summary>
internal sealed class ForgedTable : IMembershipTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, MembershipEntry> _rows = [];
    private int _version;

    public ForgedTable(SiloAddress silo) => _rows[silo] = new()
    {
        SiloAddress = silo,
        Status = SiloStatus.Active,
        SiloName = "known",
        HostName = "known",
        StartTime = DateTime.UtcNow,
        IAmAliveTime = DateTime.UtcNow,
        SuspectTimes = [],
    };

    /// <summary>Where a silo of a store is, as its table says.</summary>
    public static async Task<SiloAddress> AddressOfTheSiloAsync(ISweepStore store)
    {
        var table = await ((ISharedStore)store).Membership.ReadAsync(ClusterSetup.Cluster);
        return SiloAddress.FromParsableString(Assert.Single(table.Rows).Entry.Silo);
    }

    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    public Task DeleteMembershipTableEntries(string clusterId) => Task.CompletedTask;

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => Task.CompletedTask;

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadAll();

    public Task<MembershipTableData> ReadAll()
    {
        lock (_lock)
        {
            foreach (var row in _rows.Values)
                row.IAmAliveTime = DateTime.UtcNow;
            return Task.FromResult(new MembershipTableData(
                [.. _rows.Values.Select(row => Tuple.Create(row, $"{_version}"))],
                new TableVersion(_version, $"{_version}")));
        }
    }

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => WriteAsync(entry);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => WriteAsync(entry);

    public Task UpdateIAmAlive(MembershipEntry entry) => Task.CompletedTask;

    private Task<bool> WriteAsync(MembershipEntry entry)
    {
        lock (_lock)
        {
            _rows[entry.SiloAddress] = entry;
            _version++;
        }

        return Task.FromResult(true);
    }
}
