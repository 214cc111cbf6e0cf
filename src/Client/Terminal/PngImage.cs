using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Sweeps.Client.Terminal;

/// <summary>A picture of red, green and blue bytes, written as PNG (W3C, third edition): one IDAT, no filter.</summary>
internal sealed class PngImage
{
    private const int Channels = 3;
    private static readonly byte[] s_signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] s_crc = [.. Enumerable.Range(0, 256).Select(CrcEntry)];
    private readonly byte[] _pixels;

    /// <summary>A picture all of one grey.</summary>
    public PngImage(int width, int height, byte grey)
    {
        (Width, Height) = (width, height);
        _pixels = new byte[checked(width * height * Channels)];
        Array.Fill(_pixels, grey);
    }

    public int Width { get; }

    public int Height { get; }

    public void Set(int x, int y, (byte Red, byte Green, byte Blue) color)
    {
        var at = ((y * Width) + x) * Channels;
        (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = color;
    }

    /// <summary>The file's bytes.</summary>
    public byte[] ToPng()
    {
        using var file = new MemoryStream();
        file.Write(s_signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        // 8 bits a channel, colour type 2: red, green and blue; no palette, no filter, no interlacing.
        (header[8], header[9]) = (8, 2);
        Write(file, "IHDR", header);
        Write(file, "IDAT", Compressed());
        Write(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>The same file with its resolution (chunk pHYs), by which programs know its size on paper.</summary>
    /// <param name="png">A whole file.</param>
    /// <param name="dpi">Pixels an inch.</param>
    public static byte[] WithResolution(byte[] png, int dpi)
    {
        // A header has 13 bytes of data, beside its length, type and check.
        var end = s_signature.Length + 4 + 4 + 13 + 4;
        var size = new byte[9];
        var perMetre = (int)Math.Round(dpi / 0.0254);
        BinaryPrimitives.WriteInt32BigEndian(size, perMetre);
        BinaryPrimitives.WriteInt32BigEndian(size.AsSpan(4), perMetre);
        size[8] = 1;
        using var file = new MemoryStream();
        file.Write(png, 0, end);
        Write(file, "pHYs", size);
        file.Write(png, end, png.Length - end);
        return file.ToArray();
    }

    private byte[] Compressed()
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var y = 0; y < Height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(_pixels, y * Width * Channels, Width * Channels);
            }
        }

        return bytes.ToArray();
    }

    private static void Write(MemoryStream file, string type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            crc = s_crc[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static uint CrcEntry(int index)
    {
        var entry = (uint)index;
        for (var bit = 0; bit < 8; bit++)
            entry = (entry & 1) != 0 ? 0xEDB88320 ^ (entry >> 1) : entry >> 1;
        return entry;
    }
}
