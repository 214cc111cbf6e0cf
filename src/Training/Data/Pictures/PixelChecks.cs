using System.Buffers.Binary;
using System.IO.Compression;

namespace Sweeps.Training.Data.Pictures;

/// <summary>
/// What a PNG file (w3.org/TR/png) says of its pixels before they are decoded. The decoder knows no checksums.
/// Compressed pixels can be a thousand times longer than they look, and it inflates whatever there is, so that a small
/// file could take all memory.
/// </summary>
internal static class PngPixels
{
    // Deflate grows at most 1,032 times: what is shorter than this stays below 70 MB, and needs no look.
    private const int Harmless = 1 << 16;

    // Width, height, depth and colour type come in the first chunk, which begins after the mark.
    private const int HeaderEnd = 33;
    private const int ChunkFrame = 12;

    private static ReadOnlySpan<byte> Mark => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The size that a PNG announces; null: it is none.</summary>
    public static (long Width, long Height)? SizeOf(Stream stream)
    {
        Span<byte> header = stackalloc byte[HeaderEnd];
        stream.Position = 0;
        if (stream.ReadAtLeast(header, HeaderEnd, throwOnEndOfStream: false) < HeaderEnd || !header.StartsWith(Mark))
            return null;
        return (BinaryPrimitives.ReadUInt32BigEndian(header[16..]), BinaryPrimitives.ReadUInt32BigEndian(header[20..]));
    }

    /// <summary>Compares checksums, and inflates long pixels without keeping them, as far as there should be any.
    /// </summary>
    /// <exception cref="PictureException">It is cut off or damaged, or there are more pixels than the size asks for.
    /// </exception>
    /// <exception cref="InvalidDataException">Its pixels are damaged.</exception>
    public static void Check(byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith(Mark))
            return;
        CheckChunks(bytes);
        if (bytes.Length < Harmless)
            return;
        using var packed = Packed(bytes, out var isRaw);
        if (packed.Length < Harmless)
            return;
        var left = MostBytes(bytes);
        using Stream pixels = isRaw
            ? new DeflateStream(packed, CompressionMode.Decompress)
            : new ZLibStream(packed, CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        for (int read; (read = pixels.Read(buffer)) > 0;)
        {
            left -= read;
            if (left < 0)
                throw PictureException.Damaged("more pixels than it announces");
        }
    }

    // Of chunks that do not matter to the pixels (a small first letter) a wrong checksum does not matter either.
    private static void CheckChunks(ReadOnlySpan<byte> bytes)
    {
        for (var rest = bytes[Mark.Length..]; ;)
        {
            if (rest.Length < ChunkFrame - sizeof(uint))
                throw PictureException.CutOff();
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var kind = rest.Slice(4, 4);
            if (kind.SequenceEqual("IEND"u8))
                return;
            if (length > rest.Length - ChunkFrame)
                throw PictureException.CutOff();
            var end = 8 + (int)length;
            var matters = char.IsAsciiLetterUpper((char)kind[0]) || kind.SequenceEqual("tRNS"u8);
            if (matters && Checksum(rest[4..end]) != BinaryPrimitives.ReadUInt32BigEndian(rest[end..]))
                throw PictureException.Damaged("its bytes are not those that were written: a checksum differs");
            rest = rest[(end + sizeof(uint))..];
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
            sum = s_checksums[(byte)(sum ^ value)] ^ (sum >> 8);
        return ~sum;
    }

    private static readonly uint[] s_checksums = [.. Enumerable.Range(0, 256).Select(value =>
    {
        var sum = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
        return sum;
    })];

    private static MemoryStream Packed(byte[] bytes, out bool isRaw)
    {
        var packed = new MemoryStream();
        isRaw = false;
        for (long at = Mark.Length; at + ChunkFrame <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)at));
            var kind = bytes.AsSpan((int)at + 4, 4);
            // Apple's own kind has no frame around the deflated bytes.
            isRaw |= kind.SequenceEqual("CgBI"u8);
            if (kind.SequenceEqual("IDAT"u8))
                packed.Write(bytes, (int)at + 8, (int)Math.Min(length, bytes.Length - at - 8));
            at += ChunkFrame + length;
        }

        packed.Position = 0;
        return packed;
    }

    // With a byte a row for its filter, and, where rows come in seven passes, for those of each pass.
    private static long MostBytes(byte[] bytes)
    {
        var (width, height) = (
            (long)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(16)),
            (long)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(20)));
        const int Deepest = 8;
        return (height * ((width * Deepest) + Deepest)) + Harmless;
    }
}

/// <summary>
/// Whether a BMP, GIF or TGA has all bytes that it announces: the decoder takes what is missing for black, or for what
/// happens to be in memory.
/// </summary>
internal static class PixelEnds
{
    private const int BmpHeader = 30;
    private const int GifHeader = 13;
    private const int TgaHeader = 18;

    /// <summary>Looks for the end of the first picture.</summary>
    /// <exception cref="PictureException">The file ends before.</exception>
    public static void Check(ReadOnlySpan<byte> bytes)
    {
        var end = bytes switch
        {
            [(byte)'B', (byte)'M', ..] => BmpEnd(bytes),
            [(byte)'G', (byte)'I', (byte)'F', ..] => GifEnd(bytes),
            [_, 0 or 1, ..] => TgaEnd(bytes),
            _ => 0,
        };
        if (end > bytes.Length)
            throw PictureException.CutOff();
    }

    // Rows are filled to whole words; the last one need not be.
    private static long BmpEnd(ReadOnlySpan<byte> bytes)
    {
        const int OldHeader = 12;
        if (bytes.Length < BmpHeader)
            return BmpHeader;
        var isOld = bytes[14] == OldHeader;
        var width = isOld ? Word(bytes, 18) : BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]);
        var height = isOld ? Word(bytes, 20) : Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]));
        var bits = (long)width * Word(bytes, isOld ? 24 : 28);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]) + ((height - 1) * ((bits + 31) / 32 * 4))
            + ((bits + 7) / 8);
    }

    private static long GifEnd(ReadOnlySpan<byte> bytes)
    {
        long at = GifHeader + Colors(bytes, 10);
        for (; At(bytes, at) == 0x21; at = BlocksEnd(bytes, at))
            at += 2;
        const int Descriptor = 10;
        if (At(bytes, at) != 0x2C)
            return 0;
        return BlocksEnd(bytes, at + Descriptor + Colors(bytes, at + Descriptor - 1) + 1);

        static int Colors(ReadOnlySpan<byte> bytes, long at) =>
            At(bytes, at) is >= 0x80 and var flags ? 3 * (2 << (flags & 7)) : 0;

        static long BlocksEnd(ReadOnlySpan<byte> bytes, long at)
        {
            while (At(bytes, at) is > 0 and var length)
                at += 1 + length;
            return at + 1;
        }
    }

    private static long TgaEnd(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < TgaHeader)
            return TgaHeader;
        var (isIndexed, isPacked) = (bytes[1] == 1, bytes[2] >= 8);
        long at = TgaHeader + bytes[0];
        // The decoder passes over as many bytes as the first colour's number, as is right where that is 0.
        if (isIndexed)
            at += Word(bytes, 3) + (Word(bytes, 5) * ((bytes[7] + 7) / 8));
        var (left, size) = ((long)Word(bytes, 12) * Word(bytes, 14), (bytes[16] + 7) / 8);
        if (!isPacked)
            return at + (left * size);
        while (left > 0)
        {
            var head = At(bytes, at);
            var count = Math.Min(left, 1 + (head & 0x7F));
            at += 1 + (head >= 0x80 ? size : count * size);
            left -= count;
        }

        return at;
    }

    private static int Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static byte At(ReadOnlySpan<byte> bytes, long at) =>
        at < bytes.Length ? bytes[(int)at] : throw PictureException.CutOff();
}
