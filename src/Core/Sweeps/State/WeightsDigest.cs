using System.Buffers.Binary;

namespace Sweeps.Core.Sweeps.State;

/// <summary>A SHA-256 in 32 bytes instead of a string of 64 characters.</summary>
internal readonly record struct WeightsDigest(ulong A, ulong B, ulong C, ulong D)
{
    public static WeightsDigest Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (text.Length != 64 ||
            Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            throw new SweepsException(
                ErrorKind.Store,
                $"The weights digest '{text}' is not a SHA-256 in 64 hexadecimal digits. The trainer must give one.");
        }

        return new(Word(bytes, 0), Word(bytes, 1), Word(bytes, 2), Word(bytes, 3));
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], D);
        return Convert.ToHexStringLower(bytes);
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int index) =>
        BinaryPrimitives.ReadUInt64BigEndian(bytes[(index * 8)..]);
}
