using System.Formats.Tar;
using System.IO.Compression;

namespace Sweeps.Training.Tests.Data.Public;

/// <summary>Writes CIFAR-10 files for tests, from the description on its home page.</summary>
internal static class Cifar
{
    /// <summary>Bytes in a record: a label and 3 x 32 x 32 pixels.</summary>
    public const int Record = 3073;

    /// <summary>Six batches of two records; each byte of a record is its number, its label that modulo ten.</summary>
    public static IEnumerable<(string Name, byte[] Content)> Batches()
    {
        string[] names = ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"];
        foreach (var (index, name) in names.Index())
        {
            var content = new byte[2 * Record];
            for (var record = 0; record < 2; record++)
            {
                var number = (2 * index) + record;
                Array.Fill(content, (byte)number, record * Record, Record);
                content[record * Record] = (byte)(number % 10);
            }

            yield return ($"{name}.bin", content);
        }
    }

    public static byte[] Archive(IEnumerable<(string Name, byte[] Content)> files)
    {
        var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"cifar-10-batches-bin/{name}")
                {
                    DataStream = new MemoryStream(content),
                });
            }
        }

        return zipped.ToArray();
    }
}
