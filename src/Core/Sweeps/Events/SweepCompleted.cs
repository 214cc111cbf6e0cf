namespace Sweeps.Core.Sweeps.Events;

/// <summary>The last event of a sweep that was not cancelled.</summary>
/// <param name="Audit">The trials by their ends.</param>
/// <param name="Digest">
/// SHA-256 of the results, lower-case hexadecimal: equal wherever and however often interrupted the sweep ran.
/// </param>
public sealed record SweepCompleted(SweepAudit Audit, string Digest) : SweepEvent;
