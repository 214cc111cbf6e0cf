namespace Sweeps.Storage;

/// <summary>A row and its version.</summary>
/// <param name="Entry">What it says.</param>
/// <param name="Version">Its version, 1 when inserted, raised by each update: the entity tag.</param>
public sealed record MembershipRow(MembershipEntry Entry, long Version);
