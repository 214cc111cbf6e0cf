namespace Sweeps.Storage;

/// <summary>An event to append.</summary>
/// <param name="Type">The name of its type: 1 to 100 characters.</param>
/// <param name="Payload">Its content, opaque to the store; not changed by the caller until the append is
/// answered.</param>
public readonly record struct NewEvent(string Type, ReadOnlyMemory<byte> Payload);
