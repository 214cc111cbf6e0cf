using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Sweeps.Core;

namespace Sweeps.Training.Data.Public;

/// <summary>The content of an IDX file of unsigned bytes.</summary>
/// <param name="Dimensions">The sizes, slowest first: [count] or [count, height, width].</param>
/// <param name="Values">The bytes, row-major; their number is the product of the sizes.</param>
internal sealed record IdxArray(IReadOnlyList<int> Dimensions, byte[] Values)
{
    /// <summary>SHA-256 of the file, unpacked, as lower-case hex.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var number = new byte[sizeof(int)];
        foreach (var value in (int[])[0x800 + Dimensions.Count, .. Dimensions])
        {
            BinaryPrimitives.WriteInt32BigEndian(number, value);
            hash.AppendData(number);
        }

        hash.AppendData(Values);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>
/// Reads IDX files, plain or gzipped (told by their first bytes, not their name). The format, from MNIST's home page:
/// two zero bytes, the element type (8: unsigned byte), the number of dimensions, each size as a big-endian 32-bit
/// number, the elements.
/// </summary>
internal static class IdxReader
{
    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rank">Number of dimensions it must have: 3 for images, 1 for labels.</param>
    /// <exception cref="SweepsException">The file is not what it should be; the message says how.</exception>
    public static IdxArray Read(string path, int rank)
    {
        try
        {
            using var file = RegularFile.Open(path);
            return Read(file, path, rank);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(ErrorKind.Data, $"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads a seekable stream; <paramref name="path"/> is for messages.</summary>
    public static IdxArray Read(Stream file, string path, int rank)
    {
        Span<byte> start = stackalloc byte[2];
        var got = file.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        file.Position = 0;
        if (got == 0)
            throw Damaged(path, "the file is empty");
        if (got < 2 || start[0] != 0x1f || start[1] != 0x8b)
            return ReadContent(file, path, rank, file.Length, file.Length);
        try
        {
            using var unzipped = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            var lengthMax = file.Length * BoundedReader.DeflateRatioMax;
            return ReadContent(unzipped, path, rank, lengthMax, file.Length * BoundedReader.TrustedRatio);
        }
        catch (InvalidDataException error)
        {
            throw Damaged(path, $"the gzip data is damaged ({error.Message.TrimEnd('.')})", error);
        }
    }

    private static IdxArray ReadContent(Stream content, string path, int rank, long lengthMax, long trusted)
    {
        var header = new byte[4 + (4 * rank)];
        var got = content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (got >= 4)
            CheckMagic(header, path, rank);
        if (got < header.Length)
            throw Damaged(path, $"truncated: {got} bytes, where the header alone has {header.Length}");
        var dimensions = new int[rank];
        long total = 1;
        for (var i = 0; i < rank; i++)
        {
            var size = SizeAt(header, i);
            if (size == 0)
                throw Damaged(path, $"the header says a size of 0 in dimension {i + 1}");
            total = total > Array.MaxLength ? long.MaxValue : total * size;
            dimensions[i] = (int)Math.Min(size, int.MaxValue);
        }

        var announced = $"the header announces {Sizes(header, rank)} bytes";
        if (total > Array.MaxLength)
            throw Damaged(path, $"{announced}, more than this program can hold ({Array.MaxLength})");
        if (total > lengthMax - header.Length)
            throw Damaged(path, $"truncated: {announced}, more than a file of this length can hold");
        var values = BoundedReader.Read(content, (int)total, trusted, out var filled);
        if (filled < total)
            throw Damaged(path, $"truncated: {announced}, {filled} are there");
        if (content.ReadByte() >= 0)
            throw Damaged(path, $"longer than its header says: {announced}, more follow");
        return new(dimensions, values);
    }

    private static void CheckMagic(ReadOnlySpan<byte> header, string path, int rank)
    {
        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        var expected = 0x800u + (uint)rank;
        if (magic == expected)
            return;
        var what = rank == 3 ? "images" : "labels";
        var found = magic switch
        {
            0x801 => "those of labels",
            0x803 => "those of images",
            _ when magic >> 16 != 0 => "not an IDX file's",
            _ when (magic >> 8) != 8 => "those of another element type than unsigned bytes",
            _ => $"those of {magic & 0xff} dimensions",
        };
        throw new SweepsException(
            ErrorKind.Data,
            $"{path}: wrong magic number 0x{magic:x8}: {found}; a file of {what} starts with 0x{expected:x8}. "
            + "Is it the right file?");
    }

    private static string Sizes(byte[] header, int rank) =>
        string.Join(" x ", Enumerable.Range(0, rank).Select(i => SizeAt(header, i)));

    private static uint SizeAt(byte[] header, int dimension) =>
        BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + (4 * dimension)));

    private static SweepsException Damaged(string path, string how, Exception? inner = null) =>
        new(ErrorKind.Data, $"{path}: {how}. Download it again ('sweeps data get').", inner);
}
