using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data.Pictures;

namespace Sweeps.Training.Data.Public;

/// <summary>A data set that everyone can download: its classes, its files and how they are read.</summary>
public abstract class PublicDataSet
{
    private protected PublicDataSet(string name, Download download) =>
        (Name, ClassNames, Download) = (name, KnownDataSets.Get(name).ClassNames, download);

    /// <summary>The name in sweep files and on the command line; also the name of its folder.</summary>
    public string Name { get; }

    /// <summary>The name of each class, by label.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Its files and where they come from.</summary>
    public Download Download { get; }

    /// <summary>Reads it from the first folder that has all its files.</summary>
    /// <exception cref="SweepsException">No folder has them, or they are damaged or another data set's.</exception>
    public DataSet Read(DataFolders folders)
    {
        var incomplete = "";
        MisplacedException? misplaced = null;
        foreach (var folder in folders.CandidatesFor(Name))
        {
            var missing = Missing(folder);
            if (missing.Count == 0)
            {
                try
                {
                    return Packed(folder) is { Count: > 0 } packed
                        ? new PackCache(folders).Of(Name, KeyOf(packed), () => ReadFrom(folder))
                        : ReadFrom(folder);
                }
                catch (MisplacedException error) when (Path.GetFileName(folder) != Name)
                {
                    // A folder that is not named after a data set may hold another one.
                    misplaced ??= error;
                    continue;
                }
            }

            var started = Path.GetFileName(folder) == Name && Directory.EnumerateFileSystemEntries(folder).Any();
            if (started && incomplete.Length == 0)
                incomplete = $" '{folder}' lacks {string.Join(", ", missing)}.";
        }

        throw misplaced ?? new SweepsException(
            ErrorKind.Data,
            $"The data set '{Name}' was not found in {folders}.{incomplete} Get it with 'sweeps data get {Name}', "
            + (Package is null ? "" : $"on Debian with 'apt install {Package}', ")
            + $"or put {FileNames} into '{Path.Combine(folders.Target.Path, Name)}', "
            + "or use 'digits', which needs no files.");
    }

    /// <summary>Debian's package of it, which puts its files into <see cref="DataFolders.SystemFolder"/>; null: there
    /// is none.</summary>
    internal string? Package { get; init; }

    /// <summary>The folder that it would be read from; null: none has all its files.</summary>
    public string? Find(DataFolders folders) =>
        folders.CandidatesFor(Name).FirstOrDefault(folder => Missing(folder).Count == 0);

    /// <summary>The names of the files, for messages.</summary>
    internal string FileNames => string.Join(", ", Download.Files.Select(file => file.Name));

    /// <summary>The files that <paramref name="folder"/> lacks.</summary>
    internal abstract IReadOnlyList<string> Missing(string folder);

    /// <summary>The files that it is read from which have to be unpacked; none: they lie there as they are.</summary>
    private protected abstract IReadOnlyList<string> Packed(string folder);

    private protected abstract DataSet ReadFrom(string folder);

    // One copy a data set, of the folder that was read last.
    private static string KeyOf(IReadOnlyList<string> files) => string.Join('\n', files.Select(file =>
    {
        var info = new FileInfo(file);
        info = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
        return $"{file} {info.Length} {info.LastWriteTimeUtc.Ticks}";
    }));
}

/// <summary>A published file lies where another one belongs.</summary>
internal sealed class MisplacedException(string message) : SweepsException(ErrorKind.Data, message);

/// <summary>What a user is told of the files of public data sets.</summary>
internal static class PublicNotes
{
    public static string NotPublished(string name, string place, IReadOnlyList<string> files) =>
        $"data: {place} does not hold the published {name} (other SHA-256: {string.Join(", ", files)}); a sweep "
        + "knows these data by their own digest";

    public static string NotChecked(string place, string archive) =>
        $"data: the files in {place} have no published SHA-256 of their own and were not checked; {archive}, which "
        + "they were unpacked from, has one: put it there instead. A sweep knows these data by their own digest";
}

/// <summary>Where a public data set comes from.</summary>
/// <param name="Mirrors">Addresses of the folders that hold all files, tried in this order; each ends in a
/// slash.</param>
/// <param name="Files">The files.</param>
public sealed record Download(IReadOnlyList<string> Mirrors, IReadOnlyList<PublicFile> Files);
