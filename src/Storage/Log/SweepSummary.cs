namespace Sweeps.Storage;

/// <summary>A sweep as a listing shows it.</summary>
/// <param name="Id">The sweep.</param>
/// <param name="Header">Its header as of the last append that gave one.</param>
/// <param name="LastSequence">The sequence of its last event.</param>
/// <param name="Created">When its first event was appended, by the store's clock.</param>
/// <param name="LastWritten">When its last event was appended.</param>
public sealed record SweepSummary(
    string Id, SweepHeader Header, long LastSequence, DateTimeOffset Created, DateTimeOffset LastWritten);
