namespace Sweeps.Client.Sweep.Show;

/// <summary>One attempt of a trial, as the log tells it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Silo">The silo's name.</param>
/// <param name="Started">When it was handed out.</param>
/// <param name="Ended">When it ended; null: it runs.</param>
/// <param name="End">How, in words.</param>
/// <param name="Reason">Why, where the end needs a reason.</param>
/// <param name="Exclusive">Whether it ran without neighbours, since memory had run out beside others.</param>
internal sealed record TrialAttempt(
    int Number, string Silo, DateTimeOffset Started, DateTimeOffset? Ended, string End, string? Reason, bool Exclusive);
