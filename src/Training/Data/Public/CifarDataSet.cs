using System.IO.Compression;
using System.Security.Cryptography;
using Sweeps.Core;

namespace Sweeps.Training.Data.Public;

/// <summary>
/// CIFAR-10 in its binary version: five training batches and a test batch, each a row of records of one label byte and
/// 3 x 32 x 32 pixels, channels first. Read from the batch files or straight from the archive they come in.
/// </summary>
internal sealed class CifarDataSet(string name, Download download) : PublicDataSet(name, download)
{
    private const int Pixels = 3 * 32 * 32;
    private const int RecordLength = 1 + Pixels;
    private const string Archive = "cifar-10-binary.tar.gz";
    private const string BatchFolder = "cifar-10-batches-bin";

    private static readonly IReadOnlyList<string> Batches =
        [.. Enumerable.Range(1, 5).Select(number => $"data_batch_{number}.bin"), "test_batch.bin"];

    internal override IReadOnlyList<string> Missing(string folder)
    {
        if (File.Exists(Path.Combine(folder, Archive)))
            return [];
        var missing = BatchesMissing(BatchesIn(folder));
        return missing.Count == Batches.Count ? [Archive] : missing;
    }

    private protected override IReadOnlyList<string> Packed(string folder) =>
        BatchesMissing(BatchesIn(folder)).Count == 0 ? [] : [Path.Combine(folder, Archive)];

    private protected override DataSet ReadFrom(string folder)
    {
        var source = Packed(folder) is [var packed] ? packed : BatchesIn(folder);
        try
        {
            if (Directory.Exists(source))
                return Build(ReadBatches(source), source);
            using var archive = RegularFile.Open(source);
            var isPublished = Convert.ToHexStringLower(SHA256.HashData(archive)) == Download.Files[0].Sha256;
            archive.Position = 0;
            return ReadArchive(archive, source, isPublished);
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

    /// <summary>Reads the gzipped archive; <paramref name="path"/> is for messages.</summary>
    internal DataSet ReadArchive(Stream file, string path, bool isPublished = false)
    {
        Dictionary<string, byte[]> contents;
        try
        {
            using var unzipped = new GZipStream(file, CompressionMode.Decompress);
            var lengthMax = Math.Min(Array.MaxLength, file.Length * BoundedReader.DeflateRatioMax);
            contents = TarFiles.Read(unzipped, Batches, lengthMax, file.Length * BoundedReader.TrustedRatio);
        }
        catch (InvalidDataException error)
        {
            throw Wrong($"{path}: the archive is damaged ({error.Message.TrimEnd('.')}). Download it again.", error);
        }

        return Batches.FirstOrDefault(batch => !contents.ContainsKey(batch)) is { } lacking
            ? throw Wrong($"{path}: the archive lacks {lacking}; it needs {string.Join(", ", Batches)}.")
            : Build(contents, path, isPublished);
    }

    // The batches have no published checksums of their own, only their archive has one.
    private DataSet Build(Dictionary<string, byte[]> contents, string source, bool isPublished = false)
    {
        var train = PartOf(source, [.. Batches.Take(5).Select(batch => (batch, contents[batch]))]);
        var test = PartOf(source, [(Batches[5], contents[Batches[5]])]);
        var isArchive = Path.GetFileName(source) == Archive;
        return new(Name, [3, 32, 32], ClassNames, train, test)
        {
            Source = source,
            IsPublished = isPublished,
            Notes = isPublished ? []
                : isArchive ? [PublicNotes.NotPublished(Name, source, [Archive])]
                : [PublicNotes.NotChecked(source, Archive)],
        };
    }

    private DataPart PartOf(string source, IReadOnlyList<(string Name, byte[] Content)> batches)
    {
        foreach (var (batch, content) in batches)
        {
            if (content.Length == 0 || content.Length % RecordLength != 0)
            {
                throw Wrong(
                    $"{source}: {batch} has {content.Length} bytes, not a multiple of {RecordLength}: truncated?");
            }
        }

        var count = checked((int)batches.Sum(batch => (long)batch.Content.Length / RecordLength));
        var (pixels, labels) = (new byte[checked(count * Pixels)], new int[count]);
        var sample = 0;
        foreach (var (batch, content) in batches)
        {
            var where = $"{source}: {batch}";
            for (var start = 0; start < content.Length; start += RecordLength, sample++)
            {
                labels[sample] = LabelOf(content[start], start / RecordLength, where);
                content.AsSpan(start + 1, Pixels).CopyTo(pixels.AsSpan(sample * Pixels));
            }
        }

        return DataPart.OfBytes(pixels, labels, Pixels);
    }

    private int LabelOf(byte label, int record, string where) => label < ClassNames.Count
        ? label
        : throw Wrong(
            $"{where}: label {label} of record {record} is out of range: labels go from 0 to {ClassNames.Count - 1}.");

    private static SweepsException Wrong(string message, Exception? inner = null) =>
        new(ErrorKind.Data, message, inner);
}
