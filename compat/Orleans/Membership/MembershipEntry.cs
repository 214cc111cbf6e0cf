using Orleans.Runtime;

namespace Orleans;

/// <summary>A silo's row in a membership table.</summary>
public sealed class MembershipEntry
{
    public SiloAddress SiloAddress { get; set; } = null!;

    public SiloStatus Status { get; set; }

    /// <summary>Who thinks the silo dead, and since when; null for nobody.</summary>
    public List<Tuple<SiloAddress, DateTime>>? SuspectTimes { get; set; }

    public int ProxyPort { get; set; }

    public string HostName { get; set; } = null!;

    public string SiloName { get; set; } = null!;

    public string? RoleName { get; set; }

    public int UpdateZone { get; set; }

    public int FaultZone { get; set; }

    public DateTime StartTime { get; set; }

    public DateTime IAmAliveTime { get; set; }

    public void AddSuspector(SiloAddress suspectingSilo, DateTime suspectingTime) =>
        (SuspectTimes ??= []).Add(Tuple.Create(suspectingSilo, suspectingTime));

    public override string ToString() => $"SiloAddress={SiloAddress} SiloName={SiloName} Status={Status}";
}
