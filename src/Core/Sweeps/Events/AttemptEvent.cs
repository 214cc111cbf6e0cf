namespace Sweeps.Core.Sweeps.Events;

/// <summary>Something that happened to one attempt of a trial.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Attempt">The attempt's number, from 1.</param>
public abstract record AttemptEvent(TrialId Trial, int Attempt) : TrialEvent(Trial);
