
namespace Sweeps.Grains.Contracts;

/// <summary>A silo's reports to one sweep, and its wish for more work.</summary>
/// <param name="Silo">The silo's name.</param>
/// <param name="Incarnation">This start of its process.</param>
/// <param name="Fingerprint">The silo's numerics fingerprint.</param>
/// <param name="Ends">Attempts that ended, with what became of them.</param>
/// <param name="Running">Attempts in hand, to be told which ones to drop; null: not asked this time.</param>
/// <param name="Claim">Counts the silo's claims, from 1; repeated with the same request.</param>
/// <param name="Count">Most trials wanted; 0: none.</param>
/// <param name="AcceptsExclusive">The silo trains nothing now, so it can take one trial that needs it alone.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.ExchangeRequest")]
public sealed record ExchangeRequest(
    [property: Id(0)] string Silo,
    [property: Id(1)] string Incarnation,
    [property: Id(2)] string? Fingerprint,
    [property: Id(3)] AttemptEnd[] Ends,
    [property: Id(4)] AttemptKey[]? Running,
    [property: Id(5)] long Claim,
    [property: Id(6)] int Count,
    [property: Id(7)] bool AcceptsExclusive);
