using System.Buffers.Binary;
using System.IO.Compression;

namespace Sweeps.Training.Tests.Data.Pictures;

/// <summary>Writes small PNG files by the standard alone (W3C, third edition), not by the program's own writer.
/// </summary>
internal static class SmallPng
{
    /// <summary>Red, green and blue of each pixel, by column and row.</summary>
    public static byte[] Rgb(int width, int height, Func<int, int, (byte, byte, byte)> pixel) =>
        Write(width, height, colorType: 2, (x, y) => pixel(x, y) is var (r, g, b) ? [r, g, b] : []);

    /// <summary>Grey, one channel.</summary>
    public static byte[] Grey(int width, int height, Func<int, int, byte> pixel) =>
        Write(width, height, colorType: 0, (x, y) => [pixel(x, y)]);

    private static byte[] Write(int width, int height, byte colorType, Func<int, int, byte[]> pixel)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                for (var x = 0; x < width; x++)
                    zlib.Write(pixel(x, y));
            }
        }

        return Of(width, height, packed.ToArray(), colorType);
    }

    /// <summary>With these bytes for its compressed pixels, whatever they are.</summary>
    public static byte[] Of(int width, int height, byte[] packed, byte colorType = 0)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, colorType);
        return
        [
            0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A,
            .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed), .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] body = [.. type, .. data];
        var (length, crc) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc(body));
        return [.. length, .. body, .. crc];
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return ~crc;
    }
}
