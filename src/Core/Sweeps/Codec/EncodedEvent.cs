namespace Sweeps.Core.Sweeps.Codec;

/// <summary>An event as a store keeps it.</summary>
/// <param name="Type">The name of its type.</param>
/// <param name="Payload">UTF-8 JSON.</param>
public readonly record struct EncodedEvent(string Type, ReadOnlyMemory<byte> Payload);
