using System.Text.Json;
using Sweeps.Core;

namespace Sweeps.Training.Data.Pictures;

/// <summary>
/// Copies of data sets as <see cref="PicturePack"/>s in the cache folder (in the temporary folder, where a service has
/// none), each with an index of what it was made from: what takes long to decode, unpack or draw is done once.
/// </summary>
internal sealed class PackCache(DataFolders folders)
{
    private const string IndexExtension = ".json";

    private string[] Places =>
        [Path.Combine(folders.Cache, "pictures"), Path.Combine(Path.GetTempPath(), "sweeps-data", "pictures")];

    /// <summary>A copy, if there is one that was made from this and is whole.</summary>
    /// <param name="copy">What the copy's file is called, without extension.</param>
    /// <param name="key">What it was made from.</param>
    /// <param name="name">What the data set is called.</param>
    public (DataSet Set, PackIndex Index)? Find(string copy, string key, string name)
    {
        foreach (var place in Places)
        {
            try
            {
                var pack = Path.Combine(place, copy + PicturePack.Extension);
                var index = JsonSerializer.Deserialize<PackIndex>(
                    File.ReadAllBytes(Path.ChangeExtension(pack, IndexExtension)));
                if (index?.Key != key)
                    continue;
                var read = PicturePack.Read(pack, name);
                if (read.Paths[0].Key.Digest == index.Digest)
                    return (read, index);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException
                or SweepsException)
            {
                // Not kept, or damaged: it is made again.
            }
        }

        return null;
    }

    /// <summary>Writes a copy, which is not found before <see cref="WriteIndex"/>.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">No place can be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public string Write(string copy, Action<Stream> write)
    {
        Exception? first = null;
        foreach (var place in Places)
        {
            try
            {
                Directory.CreateDirectory(place);
                var pack = Path.Combine(place, copy + PicturePack.Extension);
                WriteWhole(pack, write);
                return pack;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                first ??= error;
            }
        }

        throw first!;
    }

    /// <summary>Says what a copy was made from.</summary>
    public static void WriteIndex(string pack, PackIndex index) => WriteWhole(
        Path.ChangeExtension(pack, IndexExtension), stream => JsonSerializer.Serialize(stream, index));

    /// <summary>
    /// A data set by its copy; where there is none it is read, and kept for the next time if that can be done.
    /// </summary>
    /// <param name="name">What it and its copy are called.</param>
    /// <param name="key">What the data set is read from.</param>
    /// <param name="read">Reads it: pictures with classes.</param>
    public DataSet Of(string name, string key, Func<DataSet> read)
    {
        if (Find(name, key, name) is var (kept, index))
            return new(kept.Name, kept.InputShape, kept.ClassNames, kept.Train, kept.Test)
            {
                Source = index.Source ?? kept.Source,
                IsPublished = index.IsPublished,
                Notes = index.Notes,
            };
        var set = read();
        try
        {
            var pack = Write(name, stream => PicturePack.Write(stream, set));
            var digest = PicturePack.DigestOf(pack);
            WriteIndex(pack, new(key, digest, [.. set.Notes]) { Source = set.Source, IsPublished = set.IsPublished });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next process reads it again.
        }

        return set;
    }

    private static void WriteWhole(string path, Action<Stream> write)
    {
        // Two processes may write the same copy at the same moment: each renames a whole file of its own.
        var part = $"{path}.{Environment.ProcessId}.part";
        try
        {
            using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(part);
            throw;
        }
    }
}

/// <summary>What is kept beside a pack.</summary>
/// <param name="Key">What it was made from.</param>
/// <param name="Digest">SHA-256 of the pack.</param>
/// <param name="Notes">What was said of the data.</param>
internal sealed record PackIndex(string Key, string Digest, string[] Notes)
{
    /// <summary>As <see cref="DataSet.Source"/>; null: the pack itself.</summary>
    public string? Source { get; init; }

    /// <summary>As <see cref="DataSet.IsPublished"/>.</summary>
    public bool IsPublished { get; init; }
}
