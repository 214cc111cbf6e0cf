using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Sweeps.Storage;

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
