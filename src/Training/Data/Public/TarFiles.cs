using System.Text;

namespace Sweeps.Training.Data.Public;

/// <summary>
/// Reads files out of a tar stream (POSIX ustar: headers of 512 bytes, sizes in octal, contents padded to 512). The
/// framework's reader allocates 16 MB where an extension's header of a few hundred bytes announces them, and tells
/// damage by five kinds of exceptions; this one allocates what has arrived.
/// </summary>
internal static class TarFiles
{
    private const int Block = 512;
    private const int SizeAt = 124;
    private const int ChecksumAt = 148;
    private const int TypeAt = 156;

    /// <summary>The content of each regular file whose name, without folders, is wanted.</summary>
    /// <param name="stream">The tar stream, unzipped.</param>
    /// <param name="wanted">Names of files.</param>
    /// <param name="lengthMax">More than the stream can hold; a header that says more is damaged.</param>
    /// <param name="trusted">Bytes of one file that may be allocated before any has arrived.</param>
    /// <exception cref="InvalidDataException">The archive is damaged or cut.</exception>
    public static Dictionary<string, byte[]> Read(
        Stream stream, IReadOnlyCollection<string> wanted, long lengthMax, long trusted)
    {
        var files = new Dictionary<string, byte[]>();
        var header = new byte[Block];
        while (stream.ReadAtLeast(header, Block, throwOnEndOfStream: false) is var got && got > 0)
        {
            if (got < Block)
                throw new InvalidDataException("it ends within a header");
            if (!header.AsSpan().ContainsAnyExcept((byte)0))
                break;
            CheckSum(header);
            var size = Octal(header.AsSpan(SizeAt, 12));
            if (size > lengthMax)
                throw new InvalidDataException($"a header announces {size} bytes, more than it can hold");
            var name = Text(header.AsSpan(0, 100)).Split('/')[^1];
            var isFile = header[TypeAt] is (byte)'0' or 0;
            if (isFile && wanted.Contains(name))
                files[name] = ReadFile(stream, name, (int)size, trusted);
            else
                Skip(stream, size);
            Skip(stream, (Block - (size % Block)) % Block);
        }

        return files;
    }

    private static byte[] ReadFile(Stream stream, string name, int size, long trusted)
    {
        var content = BoundedReader.Read(stream, size, trusted, out var filled);
        return filled == size ? content : throw new InvalidDataException($"{name} is cut short");
    }

    private static void Skip(Stream stream, long count)
    {
        var buffer = new byte[(int)Math.Min(count, 1 << 16)];
        while (count > 0)
        {
            var got = stream.Read(buffer.AsSpan(0, (int)Math.Min(count, buffer.Length)));
            if (got == 0)
                throw new InvalidDataException("it ends within a file");
            count -= got;
        }
    }

    // The sum of all bytes of the header, its own field taken as blanks.
    private static void CheckSum(byte[] header)
    {
        var sum = 8L * ' ';
        for (var i = 0; i < Block; i++)
            sum += i is >= ChecksumAt and < ChecksumAt + 8 ? 0 : header[i];
        if (sum != Octal(header.AsSpan(ChecksumAt, 8)))
            throw new InvalidDataException("a header's checksum is wrong");
    }

    private static long Octal(ReadOnlySpan<byte> field)
    {
        var value = 0L;
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                throw new InvalidDataException("a header's number is not octal");
            value = (value * 8) + digit - '0';
        }

        return value;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}
