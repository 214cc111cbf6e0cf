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
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

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

    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    /// <summary>
    /// Tries until it is written: left to Orleans the next sign of life after an outage may be a minute away, and by
    /// then this silo counts as gone.
    /// </summary>
    public async Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Table.UpdateIAmAliveAsync(_cluster, entry.SiloAddress.ToParsableString(), cancellationToken);
                return;
            }
            catch (StoreException error) when (error.Reason != StoreReason.Closed)
            {
                await Task.Delay(Again, cancellationToken);
            }
        }
    }

    // Orleans compares times with this machine's clock, so ages by the store's clock are told as times by that.
    private static MembershipTableData Data(MemberTable table)
    {
        var ahead = DateTimeOffset.UtcNow - table.Now;
        return new(
            [.. table.Rows.Select(row => Tuple.Create(
                MembershipJson.Read(row.Entry, row.Entry.IAmAlive + ahead), Tag(row.Version)))],
            new TableVersion(checked((int)table.Version), Tag(table.Version)));
    }

    private static MemberEntry Row(MembershipEntry entry) => new(
        entry.SiloAddress.ToParsableString(), entry.Status == SiloStatus.Active, MembershipJson.Write(entry));

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
    /// <param name="row">The row.</param>
    /// <param name="alive">Its last sign of life, by this machine's clock.</param>
    public static MembershipEntry Read(MemberEntry row, DateTimeOffset alive)
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
            // By its own clock, and taken for a sign of life where it is the later one.
            StartTime = json.StartTime < alive.UtcDateTime ? json.StartTime : alive.UtcDateTime,
            IAmAliveTime = alive.UtcDateTime,
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
