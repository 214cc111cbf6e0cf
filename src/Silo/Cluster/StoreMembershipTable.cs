using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Cluster;

/// <summary>
/// The cluster's membership table in the sweeps' own store: no second database and no script to run. The store keeps
/// the versions; here they are entity tags.
/// </summary>
internal sealed class StoreMembershipTable(ISharedStore store, IOptions<ClusterOptions> options) : IMembershipTable
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

    private static MembershipTableData Data(MemberTable table) => new(
        [.. table.Rows.Select(row => Tuple.Create(MembershipJson.Read(row.Entry), Tag(row.Version)))],
        new TableVersion(checked((int)table.Version), Tag(table.Version)));

    private static MemberEntry Row(MembershipEntry entry) => new(
        entry.SiloAddress.ToParsableString(),
        entry.Status == SiloStatus.Active,
        MembershipJson.Write(entry),
        Utc(entry.IAmAliveTime));

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static string Tag(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static long Version(string tag) => long.Parse(tag, NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>A silo's membership entry as the store keeps it: everything but its address and its time of life.</summary>
internal sealed partial class MembershipJson
{
    public int Status { get; init; }

    public int ProxyPort { get; init; }

    public string? HostName { get; init; }

    public string? SiloName { get; init; }

    public string? RoleName { get; init; }

    public int UpdateZone { get; init; }

    public int FaultZone { get; init; }

    public DateTime StartTime { get; init; }

    /// <summary>Who suspects the silo, and since when: <c>address@generation time</c>.</summary>
    public string[] Suspectors { get; init; } = [];

    /// <summary>The entry's text.</summary>
    public static string Write(MembershipEntry entry) => JsonSerializer.Serialize(
        new MembershipJson
        {
            Status = (int)entry.Status,
            ProxyPort = entry.ProxyPort,
            HostName = entry.HostName,
            SiloName = entry.SiloName,
            RoleName = entry.RoleName,
            UpdateZone = entry.UpdateZone,
            FaultZone = entry.FaultZone,
            StartTime = entry.StartTime,
            Suspectors = [.. (entry.SuspectTimes ?? []).Select(suspect => string.Create(
                CultureInfo.InvariantCulture, $"{suspect.Item1.ToParsableString()} {suspect.Item2.Ticks}"))],
        },
        Context.Default.MembershipJson);

    /// <summary>The entry of a row.</summary>
    public static MembershipEntry Read(MemberEntry row)
    {
        var json = JsonSerializer.Deserialize(row.Entry, Context.Default.MembershipJson)!;
        return new()
        {
            SiloAddress = SiloAddress.FromParsableString(row.Silo),
            Status = (SiloStatus)json.Status,
            ProxyPort = json.ProxyPort,
            HostName = json.HostName ?? string.Empty,
            SiloName = json.SiloName ?? string.Empty,
            RoleName = json.RoleName ?? string.Empty,
            UpdateZone = json.UpdateZone,
            FaultZone = json.FaultZone,
            StartTime = json.StartTime,
            IAmAliveTime = row.IAmAlive.UtcDateTime,
            SuspectTimes = [.. json.Suspectors.Select(Suspector)],
        };
    }

    private static Tuple<SiloAddress, DateTime> Suspector(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var ticks = long.Parse(text.AsSpan(space + 1), CultureInfo.InvariantCulture);
        return Tuple.Create(SiloAddress.FromParsableString(text[..space]), new DateTime(ticks, DateTimeKind.Utc));
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(MembershipJson))]
    private sealed partial class Context : JsonSerializerContext;
}
