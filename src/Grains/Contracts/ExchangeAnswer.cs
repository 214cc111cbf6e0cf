
namespace Sweeps.Grains.Contracts;

/// <summary>
/// The answer to a silo's reports and its wish for work. Everything in it is durable.
/// </summary>
/// <param name="Status">Whether the call as a whole went well; if not, the silo keeps its reports and tries
/// again.</param> <param name="Assignments">Trials to train now.</param> <param name="Drop">Attempts of the silo that
/// are not current any more: stop them, report nothing.</param> <param name="Phase">What to expect of this
/// sweep.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.ExchangeAnswer")]
public sealed record ExchangeAnswer(
    [property: Id(0)] Answer Status,
    [property: Id(1)] TrialAssignment[] Assignments,
    [property: Id(2)] AttemptKey[] Drop,
    [property: Id(3)] WorkPhase Phase)
{
    /// <summary>Refused: why, for people; otherwise null.</summary>
    [Id(4)]
    public string? Refusal { get; init; }
}
