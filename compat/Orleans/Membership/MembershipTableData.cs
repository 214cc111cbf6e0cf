using Orleans.Runtime;

namespace Orleans;

/// <summary>What a membership table holds: rows with their etags, and the table's version.</summary>
public sealed class MembershipTableData
{
    public MembershipTableData(List<Tuple<MembershipEntry, string>> list, TableVersion version)
    {
        Members = list;
        Version = version;
    }

    public MembershipTableData(Tuple<MembershipEntry, string> tuple, TableVersion version)
    {
        Members = [tuple];
        Version = version;
    }

    public MembershipTableData(TableVersion version)
    {
        Members = [];
        Version = version;
    }

    public IReadOnlyList<Tuple<MembershipEntry, string>> Members { get; }

    public TableVersion Version { get; }

    public Tuple<MembershipEntry, string>? TryGet(SiloAddress silo) =>
        Members.FirstOrDefault(member => member.Item1.SiloAddress.Equals(silo));

    public override string ToString() => $"{Members.Count} silos, Version={Version}";
}
