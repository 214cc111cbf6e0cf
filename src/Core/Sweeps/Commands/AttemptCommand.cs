namespace Sweeps.Core.Sweeps.Commands;

/// <summary>A report of an attempt. It counts only while the attempt is its trial's current one.</summary>
/// <param name="Attempt">The attempt.</param>
public abstract record AttemptCommand(AttemptId Attempt) : SweepCommand;
