namespace Sweeps.Core.Sweeps.Events;

/// <summary>A silo got the trial.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Attempt">The new attempt: one more than the last.</param>
/// <param name="Silo">Who trains it.</param>
/// <param name="Claim">
/// The number of the silo's claim, so that a repeated claim is answered with the same trials.
/// </param>
/// <param name="Exclusive">It must run without neighbours, since it ran out of memory beside others.</param>
public sealed record TrialStarted(TrialId Trial, int Attempt, SiloId Silo, long Claim = 0, bool Exclusive = false)
    : AttemptEvent(Trial, Attempt);
