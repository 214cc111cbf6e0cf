using System.Buffers.Binary;

namespace Sweeps.Training.Checkpoints;

/// <summary>Reads little-endian numbers one after the other, never past the end.</summary>
internal ref struct SpanReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public ReadOnlySpan<byte> Read(int count)
    {
        if ((uint)count > (uint)_rest.Length)
            throw CheckpointFormat.Bad($"{count} bytes were expected where {_rest.Length} are left");
        var part = _rest[..count];
        _rest = _rest[count..];
        return part;
    }

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Read(sizeof(int)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Read(sizeof(long)));

    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadInt64());

    /// <summary>A number of things of at least <paramref name="size"/> bytes each, bounded by what is left.</summary>
    public int ReadCount(int size)
    {
        var count = ReadInt32();
        if (count < 0 || (long)count * size > _rest.Length)
            throw CheckpointFormat.Bad($"a count of {count} does not fit the {_rest.Length} bytes left");
        return count;
    }
}
