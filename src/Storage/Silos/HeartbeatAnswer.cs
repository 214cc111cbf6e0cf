namespace Sweeps.Storage;

/// <summary>The answer to a heartbeat.</summary>
/// <param name="IsAlive">False: declared lost (or unknown); the silo must drop its attempts and enter as a new
/// incarnation.</param>
/// <param name="RequestedSlots">The number of slots that an operator asked for; null: none.</param>
/// <param name="At">The store's clock.</param>
public readonly record struct HeartbeatAnswer(bool IsAlive, int? RequestedSlots, DateTimeOffset At);
