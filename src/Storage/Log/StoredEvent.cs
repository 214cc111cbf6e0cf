namespace Sweeps.Storage;

/// <summary>An event of the log.</summary>
/// <param name="Sequence">Its place in the sweep, from 1.</param>
/// <param name="At">When it was appended, by the store's clock.</param>
/// <param name="Type">The name of its type.</param>
/// <param name="Payload">Its content.</param>
public readonly record struct StoredEvent(long Sequence, DateTimeOffset At, string Type, ReadOnlyMemory<byte> Payload);
