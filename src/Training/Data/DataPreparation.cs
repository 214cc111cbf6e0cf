using System.Security.Cryptography;
using Sweeps.Core;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data;

/// <summary>
/// Finds the data of a sweep on this machine, by name, and compares them with what the sweep began with. What is not
/// here, or is another table, comes from the store's copy into the cache folder.
/// </summary>
internal sealed class DataPreparation(DataSets sets)
{
    private const int DigestShown = 12;

    /// <summary>Admits the data for the sweep's trainings.</summary>
    /// <exception cref="SweepsException">They are missing, or they are others.</exception>
    public async Task RunAsync(PlannedData data, KeptFileReader kept, CancellationToken cancellation)
    {
        var request = DataRequest.Of(data);
        if (data.Content is not { } content)
        {
            sets.Load(request);
            return;
        }

        if (sets.IsAdmitted(data) || sets.AdmitLoaded(data))
            return;
        if (content.Table is not { } table)
            sets.Admit(data, Same(data.Data, sets.Load(request), content));
        else if (!TryHere(data, table, out var others))
            await FetchAsync(data, content, kept, others, cancellation);
    }

    // The copy of an earlier fetch first; then by name, here and in the data folders.
    private bool TryHere(PlannedData data, DataFile table, out List<string> others)
    {
        others = [];
        var places = sets.Folders.All.Select(folder => folder.Path).Prepend(Environment.CurrentDirectory)
            .Prepend(CopyFolder(sets.Folders.Cache, data.Content!));
        var names = places.SelectMany(place => NamesOf(data.Content!, table), Path.Combine);
        foreach (var path in names.Where(path => File.Exists(path) || Directory.Exists(path)))
        {
            try
            {
                sets.Admit(data, Same(path, sets.Load(DataRequest.Of(data, path)), data.Content!));
                return true;
            }
            catch (SweepsException error)
            {
                others.Add(error.Message);
                sets.Forget(DataRequest.Of(data, path));
            }
        }

        return false;
    }

    // Pictures are looked for decoded, and as the folder that they come from.
    private static string[] NamesOf(DataContent content, DataFile table) => content.Pictures is null
        ? [table.Name] : [table.Name, Path.GetFileNameWithoutExtension(table.Name)];

    private async Task FetchAsync(
        PlannedData data, DataContent content, KeptFileReader kept, List<string> others, CancellationToken cancellation)
    {
        // Both come from another machine and become parts of a path here.
        if (!content.Digest.All(char.IsAsciiHexDigit) || content.Files().Any(file => !IsPlain(file.Name)))
            throw Wrong($"The plan's data '{data.Data}' have no file's name.");
        var files = new List<(DataFile File, byte[] Bytes)>();
        foreach (var file in content.Files())
        {
            var bytes = file.Travels() ? await kept(file, cancellation) : null;
            if (bytes is null)
                throw Missing(file, content, others);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != file.Digest)
                throw Wrong($"The store's copy of '{file.Name}' is damaged: its SHA-256 is not {file.Digest}.");
            files.Add((file, bytes));
        }

        var folder = Write(files, content);
        var path = Path.Combine(folder, content.Table!.Name);
        sets.Forget(DataRequest.Of(data, path));
        sets.Admit(data, Same(path, sets.Load(DataRequest.Of(data, path)), content));
    }

    private string Write(List<(DataFile File, byte[] Bytes)> files, DataContent content)
    {
        try
        {
            return WriteTo(CopyFolder(sets.Folders.Cache, content), files);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A service may have no home folder that it can write to.
            return WriteToTemporary(files, content, error);
        }
    }

    private static string WriteToTemporary(
        List<(DataFile File, byte[] Bytes)> files, DataContent content, Exception first)
    {
        try
        {
            return WriteTo(CopyFolder(Path.Combine(Path.GetTempPath(), "sweeps-data"), content), files);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Environment,
                $"The copy of '{files[0].File.Name}' cannot be kept: {first.Message} {error.Message} Make the cache "
                + "folder writable, or set XDG_CACHE_HOME to one that is.",
                error);
        }
    }

    private static string WriteTo(string folder, List<(DataFile File, byte[] Bytes)> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var (file, bytes) in files)
        {
            var path = Path.Combine(folder, file.Name);
            // Two silos of one machine may fetch it at the same moment: each renames a whole file of its own.
            var part = $"{path}.{Environment.ProcessId}.part";
            using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: true);
        }

        return folder;
    }

    private static bool IsPlain(string name) => name.Length > 0 && name is not ("." or "..")
        && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0;

    // One folder a content: both tables under their own names, so that the test part is found beside the other.
    private static string CopyFolder(string cache, DataContent content) =>
        Path.Combine(cache, "tables", content.Digest);

    private static DataSet Same(string place, DataSet set, DataContent content) =>
        set.Digest == content.Digest ? set : throw Differs(place, set, content);

    /// <summary>The error for data that are not those of a sweep.</summary>
    public static SweepsException Differs(string place, DataSet set, DataContent content) => Wrong(
        $"{place} has other data than this sweep began with: {set.Train.Count + set.Test.Count} samples, SHA-256 "
        + $"{set.Digest[..DigestShown]}..., where it began with {content.Samples} samples, "
        + $"{Short(content.Digest)}.");

    private SweepsException Missing(DataFile file, DataContent content, List<string> others)
    {
        var why = file.Travels()
            ? "the store keeps no copy of it"
            : $"with {file.Bytes >> 20} MB it is too large to travel with the sweep";
        return Wrong(
            $"The sweep's data '{file.Name}' (SHA-256 {Short(file.Digest)}, {file.Bytes} bytes) are not here, and "
            + $"{why}. Put that file{(content.Pictures is null ? "" : ", or the folder of pictures,")} into the "
            + $"current folder or one of {sets.Folders}. {string.Join(' ', others)}"
                .TrimEnd());
    }

    private static string Short(string digest) =>
        digest.Length > DigestShown ? $"{digest[..DigestShown]}..." : digest;

    private static SweepsException Wrong(string message) => new(ErrorKind.Data, message);
}
