namespace Sweeps.Core.Sweeps;

/// <summary>An attempt that holds its trial.</summary>
/// <param name="Attempt">Trial and attempt number.</param>
/// <param name="Silo">Who trains it.</param>
/// <param name="Claim">The silo's claim that got it.</param>
/// <param name="Exclusive">Without neighbours on the silo.</param>
/// <param name="StartedAt">When it was handed out.</param>
public sealed record RunningAttempt(
    AttemptId Attempt, SiloId Silo, long Claim, bool Exclusive, DateTimeOffset StartedAt);
