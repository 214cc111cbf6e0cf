namespace Sweeps.Storage;

/// <summary>A cluster's table as of one moment.</summary>
/// <param name="Version">The table's version, 0 when created, raised by each insert and update: the entity tag.</param>
/// <param name="Rows">The rows, by silo.</param>
public sealed record MembershipTable(long Version, IReadOnlyList<MembershipRow> Rows);
