using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Sweeps.Store.Sqlite;

/// <summary>
/// CRC-32C over an event's sequence, type and payload: a bit that the disk turned is found when it is read.
/// </summary>
internal static class EventChecksum
{
    public static uint Of(long sequence, string type, ReadOnlySpan<byte> payload)
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(StoreRules.TypeLengthMax)];
        var length = Encoding.UTF8.GetBytes(type, utf8);
        return Of(sequence, utf8[..length], payload);
    }

    public static uint Of(long sequence, ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)sequence);
        return ~Add(Add(crc, type), payload);
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}

/// <summary>Copies payloads into shared blocks: a few large arrays in place of one small one per event.</summary>
internal sealed class PayloadBuffer
{
    private const int BlockMax = 64 * 1024;

    private byte[] _block = [];
    private int _used;
    private int _next = 512;

    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > BlockMax / 4)
            return payload.ToArray();
        if (_used + payload.Length > _block.Length)
        {
            _next = Math.Min(BlockMax, _next * 2);
            _block = new byte[Math.Max(_next, payload.Length)];
            _used = 0;
        }

        payload.CopyTo(_block.AsSpan(_used));
        var copy = _block.AsMemory(_used, payload.Length);
        _used += payload.Length;
        return copy;
    }
}

/// <summary>
/// One string per event type, not one per event: a log has a dozen types and may have a million events.
/// </summary>
internal sealed class TypeNames
{
    private readonly List<(byte[] Utf8, string Name)> _known = [];

    public string Intern(ReadOnlySpan<byte> utf8)
    {
        foreach (var (bytes, known) in _known)
        {
            if (utf8.SequenceEqual(bytes))
                return known;
        }

        var name = Encoding.UTF8.GetString(utf8);
        if (_known.Count < 64)
            _known.Add((utf8.ToArray(), name));
        return name;
    }
}
