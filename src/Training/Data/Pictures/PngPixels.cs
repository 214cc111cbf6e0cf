using System.Buffers.Binary;
using System.IO.Compression;

namespace Sweeps.Training.Data.Pictures;

/// <summary>
/// What a PNG file (w3.org/TR/png) says of its pixels before they are decoded. Compressed pixels can be a thousand
/// times longer than they look, and the decoder inflates whatever there is, so that a small file could take all memory.
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

    /// <summary>Inflates long pixels without keeping them, as far as there should be any.</summary>
    /// <exception cref="PictureException">There are more of them than the size asks for.</exception>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static void Check(byte[] bytes)
    {
        if (bytes.Length < Harmless || !bytes.AsSpan().StartsWith(Mark))
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
                throw new PictureException("it is damaged (more pixels than it announces)");
        }
    }

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
