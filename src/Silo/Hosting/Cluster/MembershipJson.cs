using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sweeps.Silo.Hosting.Cluster;

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
    public static MembershipEntry Read(Store.Contract.MembershipEntry row)
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
