using System.Buffers.Binary;
using System.Numerics;

namespace Sweeps.Client.TensorBoard;

/// <summary>
/// A file of records as TensorBoard reads it (TFRecord): each a length, its check, the bytes and their check. Records
/// are only appended; one that a crash cut off is removed when the file is opened again, and readers stop before it.
/// </summary>
internal static class RecordFile
{
    private const int HeadSize = sizeof(ulong) + sizeof(uint);
    private const uint CastagnoliMask = 0xa282ead8;

    // No event here is longer; a length that is was damaged.
    private const long LengthMax = 1 << 28;

    /// <summary>The records of a file from its beginning up to the first one that is not whole.</summary>
    /// <param name="stream">The file, at its beginning; then behind the last whole record.</param>
    public static IEnumerable<byte[]> Read(Stream stream)
    {
        var head = new byte[HeadSize];
        for (var end = stream.Position; ; end = stream.Position)
        {
            if (stream.ReadAtLeast(head, HeadSize, throwOnEndOfStream: false) == HeadSize
                && BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(sizeof(ulong)))
                    == MaskedCheck(head.AsSpan(0, sizeof(ulong)))
                && BinaryPrimitives.ReadUInt64LittleEndian(head) is <= LengthMax and var length)
            {
                var body = new byte[(int)length + sizeof(uint)];
                if (stream.ReadAtLeast(body, body.Length, throwOnEndOfStream: false) == body.Length
                    && BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan((int)length))
                        == MaskedCheck(body.AsSpan(0, (int)length)))
                {
                    yield return body[..(int)length];
                    continue;
                }
            }

            stream.Position = end;
            yield break;
        }
    }

    /// <summary>Appends records behind the last whole one; the file and its folder are made if need be.</summary>
    public static void Append(string path, IReadOnlyList<byte[]> records)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        foreach (var _ in Read(file))
        {
        }

        file.SetLength(file.Position);
        // One write: a reader, and a kill, find whole records but for the last.
        using var bytes = new MemoryStream();
        foreach (var record in records)
            Write(bytes, record);
        file.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>The masked CRC-32C (Castagnoli; RFC 3720, appendix B.4) of some bytes.</summary>
    public static uint MaskedCheck(ReadOnlySpan<byte> bytes)
    {
        var check = Check(bytes);
        return BitOperations.RotateRight(check, 15) + CastagnoliMask;
    }

    /// <summary>The CRC-32C itself.</summary>
    public static uint Check(ReadOnlySpan<byte> bytes)
    {
        var check = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            check = BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
            check = BitOperations.Crc32C(check, value);
        return ~check;
    }

    private static void Write(MemoryStream file, byte[] record)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(ulong)..], MaskedCheck(head[..sizeof(ulong)]));
        file.Write(head);
        file.Write(record);
        Span<byte> check = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(check, MaskedCheck(record));
        file.Write(check);
    }
}
