namespace Sweeps.Core.Sweeps;

/// <summary>How a sweep ended.</summary>
/// <param name="Audit">The trials by their ends.</param>
/// <param name="Digest">SHA-256 of the results.</param>
public sealed record SweepCompletion(SweepAudit Audit, string Digest);
