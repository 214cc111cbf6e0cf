namespace Sweeps.Core.Sweeps.Commands;

/// <summary>A silo with free slots asks for work; answered by <see cref="Decision.Assignments"/>.</summary>
/// <param name="Silo">Who asks.</param>
/// <param name="Number">
/// Counts the silo's claims, from 1. A claim whose answer was lost is repeated with its number and answered with the
/// same trials; a number below the last that got trials is <see cref="RejectionKind.Stale"/>.
/// </param>
/// <param name="Count">Most trials wanted, at least 1.</param>
/// <param name="Fingerprint">
/// Digest of a fixed small training on that silo; null: unknown, accepted where mixed numerics are.
/// </param>
/// <param name="AcceptsExclusive">
/// The silo trains nothing now, so it can take one trial that needs all its memory. If such trials are all that is
/// left, the answer has <see cref="Decision.ExclusiveWaits"/>: finish what runs, then claim with this set.
/// </param>
/// <param name="Holding">
/// All attempts that the silo trains, or whose reports are not yet answered. What the log gave it by an earlier claim
/// and is not among them never arrived (a late double of a claim got it), and is released for others. Null: unknown,
/// nothing is released.
/// </param>
public sealed record ClaimTrials(
    SiloId Silo,
    long Number,
    int Count,
    string? Fingerprint = null,
    bool AcceptsExclusive = false,
    IReadOnlyList<AttemptId>? Holding = null) : SweepCommand;
