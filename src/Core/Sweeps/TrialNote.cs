namespace Sweeps.Core.Sweeps;

/// <summary>The last thing worth telling about a trial that did not simply complete.</summary>
/// <param name="Attempt">The attempt it was about.</param>
/// <param name="Kind">
/// What happened: <c>diverged</c>, <c>stopped early</c>, <c>out of memory</c>, <c>silo lost</c>, ...
/// </param>
/// <param name="Message">The reason, for people.</param>
public sealed record TrialNote(int Attempt, string Kind, string Message);
