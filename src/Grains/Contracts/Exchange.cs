using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

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
    [property: Id(7)] bool AcceptsExclusive)
{
    /// <summary>Why the silo cannot train on the sweep's data; null: it can.</summary>
    [Id(8)]
    public string? DataProblem { get; init; }

    /// <summary>
    /// Most trials wanted beyond <see cref="Count"/>, to be trained beside these in their slots: only what leaves
    /// enough for other slots.
    /// </summary>
    [Id(9)]
    public int Spare { get; init; }

    /// <summary>Slots of the silo.</summary>
    [Id(10)]
    public int Slots { get; init; } = 1;
}

/// <summary>The answer to a silo's reports and its wish for work. Everything in it is durable.</summary>
/// <param name="Status">Whether the call as a whole went well; if not, the silo keeps its reports and retries.</param>
/// <param name="Assignments">Trials to train now.</param>
/// <param name="Drop">Attempts of the silo that are not current any more: stop them, report nothing.</param>
/// <param name="Phase">What to expect of this sweep.</param>
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

    /// <summary>Attempts whose end changed nothing: another is current, and goes on from their checkpoint.</summary>
    [Id(5)]
    public AttemptKey[] Unheard { get; init; } = [];
}

/// <summary>An attempt that a silo may train now.</summary>
/// <param name="Key">The attempt; every report carries it.</param>
/// <param name="Incarnation">The silo's incarnation that the attempt was given to; no other trains it.</param>
/// <param name="Request">What to train.</param>
/// <param name="IsExclusive">Without neighbours on the silo.</param>
/// <param name="Timeout">After which the attempt is given up; null: never.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.TrialAssignment")]
public sealed record TrialAssignment(
    [property: Id(0)] AttemptKey Key,
    [property: Id(1)] string Incarnation,
    [property: Id(2)] TrainingRequest Request,
    [property: Id(3)] bool IsExclusive,
    [property: Id(4)] TimeSpan? Timeout)
{
    /// <summary>The epoch after which it pauses; null: it trains to its end.</summary>
    [Id(5)]
    public int? Until { get; init; }

    /// <summary>The trace of the sweep's submission, as W3C's <c>traceparent</c>; null: none.</summary>
    [Id(6)]
    public string? Trace { get; init; }

    /// <summary>What to go on from, where the trial has no checkpoint of its own; null: from the start.</summary>
    [Id(7)]
    public TrialBeginning? Beginning { get; init; }
}

/// <summary>What a silo may expect of a sweep after an exchange.</summary>
public enum WorkPhase
{
    /// <summary>There is more to hand out.</summary>
    HasWork,

    /// <summary>All is handed out; more may come when running trials end, fail or expire.</summary>
    Waits,

    /// <summary>
    /// Trials wait for a silo without neighbours: finish what runs, then ask accepting exclusive ones.
    /// </summary>
    ExclusiveWaits,

    /// <summary>Paused: nothing until it is resumed.</summary>
    Paused,

    /// <summary>The sweep does not accept this silo: its numerics or its data differ.</summary>
    Refused,

    /// <summary>The sweep has ended.</summary>
    Over,
}
