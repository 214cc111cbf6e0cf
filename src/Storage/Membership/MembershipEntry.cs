namespace Sweeps.Storage;

/// <summary>What a silo's row says.</summary>
/// <param name="Silo">The silo's address, as text: the row's key.</param>
/// <param name="IsActive">False: dead or leaving; the row may be cleaned up when it is old.</param>
/// <param name="Entry">The rest of the entry, serialised by the caller.</param>
/// <param name="IAmAlive">The silo's last sign of life, by its own clock.</param>
public sealed record MembershipEntry(string Silo, bool IsActive, string Entry, DateTimeOffset IAmAlive);
