namespace Sweeps.Core.Sweeps;

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
