using System.Buffers.Binary;
using System.IO.Compression;

namespace Sweeps.Training.Tests.Data.Public;

/// <summary>Writes IDX files for tests, straight from the format's description.</summary>
internal static class Idx
{
    public static byte[] Of(ReadOnlySpan<byte> values, params int[] sizes)
    {
        var file = new byte[4 + (4 * sizes.Length) + values.Length];
        file[2] = 8;
        file[3] = (byte)sizes.Length;
        for (var i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), sizes[i]);
        values.CopyTo(file.AsSpan(4 + (4 * sizes.Length)));
        return file;
    }

    public static byte[] Zip(byte[] content)
    {
        var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal))
            gzip.Write(content);
        return zipped.ToArray();
    }

    /// <summary>A small, valid data set of four files: 30 training and 10 test images of 3x4, three classes.</summary>
    public static void WriteSet(TemporaryFolder folder, string name, bool zipped = false)
    {
        foreach (var (prefix, count) in new[] { ("train", 30), ("t10k", 10) })
        {
            var images = Of([.. Enumerable.Range(0, count * 12).Select(i => (byte)(i * 7))], count, 3, 4);
            var labels = Of([.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))], count);
            folder.Write($"{name}/{prefix}-images-idx3-ubyte" + (zipped ? ".gz" : ""), zipped ? Zip(images) : images);
            folder.Write($"{name}/{prefix}-labels-idx1-ubyte" + (zipped ? ".gz" : ""), zipped ? Zip(labels) : labels);
        }
    }
}
