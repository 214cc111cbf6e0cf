using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Sweeps.Storage;
using MembershipEntry = Orleans.MembershipEntry;

namespace Sweeps.Silo.Hosting.Cluster;

/// <summary>
/// The cluster's membership table in the sweeps' own store: no second database and no script to run. The store keeps
/// the versions; here they are entity tags.
/// </summary>
internal sealed class StoreMembershipTable(ISweepStore store, IOptions<ClusterOptions> options) : IMembershipTable
{
    private readonly string _cluster = options.Value.ClusterId;

    private IMembershipStore Table => store.Membership;

    public Task InitializeMembershipTable(bool tryInitTableVersion) =>
        tryInitTableVersion ? Table.InitializeAsync(_cluster) : Task.CompletedTask;

    public Task DeleteMembershipTableEntries(string clusterId) => Table.DeleteAsync(clusterId);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => Table.CleanupAsync(_cluster, beforeDate);

    public async Task<MembershipTableData> ReadRow(SiloAddress key) =>
        Data(await Table.ReadRowAsync(_cluster, key.ToParsableString()));

    public async Task<MembershipTableData> ReadAll() => Data(await Table.ReadAsync(_cluster));

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        Table.InsertRowAsync(_cluster, Row(entry), Version(tableVersion.VersionEtag));

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        Table.UpdateRowAsync(_cluster, Row(entry), Version(etag), Version(tableVersion.VersionEtag));

    public Task UpdateIAmAlive(MembershipEntry entry) =>
        Table.UpdateIAmAliveAsync(_cluster, entry.SiloAddress.ToParsableString(), Utc(entry.IAmAliveTime));

    private static MembershipTableData Data(MembershipTable table) => new(
        [.. table.Rows.Select(row => Tuple.Create(MembershipJson.Read(row.Entry), Tag(row.Version)))],
        new TableVersion(checked((int)table.Version), Tag(table.Version)));

    private static Storage.MembershipEntry Row(MembershipEntry entry) => new(
        entry.SiloAddress.ToParsableString(),
        entry.Status == SiloStatus.Active,
        MembershipJson.Write(entry),
        Utc(entry.IAmAliveTime));

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static string Tag(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static long Version(string tag) => long.Parse(tag, NumberStyles.None, CultureInfo.InvariantCulture);
}
