using Sweeps.Core.Log;

namespace Sweeps.Core.State;

/// <summary>A trial at one moment.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Attempts">Attempts started so far; the number of the newest.</param>
/// <param name="Priority">Its place in the order of work; higher is earlier.</param>
/// <param name="Result">Its result; null without one.</param>
/// <param name="Running">The attempt that holds it; null: none.</param>
/// <param name="Note">
/// The last thing worth telling; null: nothing. Kept for the first 10,000 such trials; the log has all.
/// </param>
public sealed record TrialSnapshot(
    TrialId Trial,
    TrialStatus Status,
    int Attempts,
    int Priority,
    TrialResult? Result,
    RunningAttempt? Running,
    TrialNote? Note);

/// <summary>An attempt that holds its trial.</summary>
/// <param name="Attempt">Trial and attempt number.</param>
/// <param name="Silo">Who trains it.</param>
/// <param name="Claim">The silo's claim that got it.</param>
/// <param name="Exclusive">Without neighbours on the silo.</param>
/// <param name="StartedAt">When it was handed out.</param>
public sealed record RunningAttempt(
    AttemptId Attempt, SiloId Silo, long Claim, bool Exclusive, DateTimeOffset StartedAt);

/// <summary>The last thing worth telling about a trial that did not simply complete.</summary>
/// <param name="Attempt">The attempt it was about.</param>
/// <param name="Kind">
/// What happened: <c>diverged</c>, <c>stopped early</c>, <c>out of memory</c>, <c>silo lost</c>, ...
/// </param>
/// <param name="Message">The reason, for people.</param>
public sealed record TrialNote(int Attempt, string Kind, string Message);
