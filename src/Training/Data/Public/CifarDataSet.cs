using System.Formats.Tar;
using System.IO.Compression;
using Sweeps.Core;

namespace Sweeps.Training.Data.Public;

/// <summary>
/// CIFAR-10 in its binary version: five training batches and a test batch, each a row of records of one label byte and 3 x 32 x 32
/// pixels, channels first. Read from the batch files or straight from the archive they come in.
/// </summary>
internal sealed class CifarDataSet(string name, IReadOnlyList<string> classNames, Download download)
    : PublicDataSet(name, classNames, download)
{
    private const int Pixels = 3 * 32 * 32;
    private const int RecordLength = 1 + Pixels;
    private const string Archive = "cifar-10-binary.tar.gz";
    private const string BatchFolder = "cifar-10-batches-bin";

    private static readonly IReadOnlyList<string> Batches =
        ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"];

    internal override IReadOnlyList<string> Missing(string folder)
    {
        if (File.Exists(Path.Combine(folder, Archive)))
            return [];
        var missing = BatchesMissing(BatchesIn(folder));
        return missing.Count == Batches.Count ? [Archive] : missing;
    }

    private protected override DataSet ReadFrom(string folder)
    {
        var batches = BatchesIn(folder);
        var source = BatchesMissing(batches).Count == 0 ? batches : Path.Combine(folder, Archive);
        try
        {
            var contents = source == batches ? ReadBatches(batches) : ReadArchive(source);
            var train = PartOf(source, [.. Batches.Take(5).Select(batch => (batch, contents[batch]))]);
            var test = PartOf(source, [(Batches[5], contents[Batches[5]])]);
            return new(Name, [3, 32, 32], ClassNames, train, test) { Source = source };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(ErrorKind.Data, $"{source}: cannot be read: {error.Message}", error);
        }
    }

    private static string BatchesIn(string folder) =>
        Directory.Exists(Path.Combine(folder, BatchFolder)) ? Path.Combine(folder, BatchFolder) : folder;

    private static List<string> BatchesMissing(string folder) =>
        [.. Batches.Where(batch => !File.Exists(Path.Combine(folder, batch)))];

    private static Dictionary<string, byte[]> ReadBatches(string folder) =>
        Batches.ToDictionary(batch => batch, batch => File.ReadAllBytes(Path.Combine(folder, batch)));

    private static Dictionary<string, byte[]> ReadArchive(string path)
    {
        var contents = new Dictionary<string, byte[]>();
        try
        {
            using var file = File.OpenRead(path);
            using var unzipped = new GZipStream(file, CompressionMode.Decompress);
            using var archive = new TarReader(unzipped);
            while (archive.GetNextEntry() is { } entry)
            {
                var batch = Path.GetFileName(entry.Name);
                if (entry.DataStream is null || !Batches.Contains(batch))
                    continue;
                var total = (int)Math.Clamp(entry.Length, 0, Math.Min(Array.MaxLength, file.Length * BoundedReader.DeflateRatioMax));
                var content = BoundedReader.Read(entry.DataStream, total, file.Length * BoundedReader.TrustedRatio, out var filled);
                contents[batch] = filled == entry.Length ? content : throw new EndOfStreamException($"{batch} is cut short");
            }
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw new SweepsException(ErrorKind.Data, $"{path}: the archive is damaged ({error.Message}). Download it again.", error);
        }

        return Batches.FirstOrDefault(batch => !contents.ContainsKey(batch)) is { } lacking
            ? throw new SweepsException(ErrorKind.Data, $"{path}: the archive lacks {lacking}; it needs {string.Join(", ", Batches)}.")
            : contents;
    }

    private DataPart PartOf(string source, IReadOnlyList<(string Name, byte[] Content)> batches)
    {
        foreach (var (batch, content) in batches)
        {
            if (content.Length == 0 || content.Length % RecordLength != 0)
            {
                throw new SweepsException(
                    ErrorKind.Data,
                    $"{source}: {batch} has {content.Length} bytes, which is not a number of whole records of {RecordLength}: truncated?");
            }
        }

        var count = checked((int)batches.Sum(batch => (long)batch.Content.Length / RecordLength));
        var (pixels, labels) = (new byte[checked(count * Pixels)], new int[count]);
        var sample = 0;
        foreach (var (batch, content) in batches)
        {
            for (var start = 0; start < content.Length; start += RecordLength, sample++)
            {
                labels[sample] = content[start] < Classes
                    ? content[start]
                    : throw new SweepsException(
                        ErrorKind.Data,
                        $"{source}: {batch}: label {content[start]} of record {start / RecordLength} is out of range: labels go from 0 to {Classes - 1}.");
                content.AsSpan(start + 1, Pixels).CopyTo(pixels.AsSpan(sample * Pixels));
            }
        }

        return DataPart.OfBytes(pixels, labels, Pixels);
    }

    private int Classes => ClassNames.Count;
}
