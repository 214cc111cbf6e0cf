using Sweeps.Core;

namespace Sweeps.Training.Data;

/// <summary>A data set that everyone can download: its classes, its files and how they are read.</summary>
public abstract class PublicDataSet
{
    private protected PublicDataSet(string name, IReadOnlyList<string> classNames) => (Name, ClassNames) = (name, classNames);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PublicDataSet> All { get; } =
    [
        new IdxPublicDataSet("mnist", [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")]),
        new IdxPublicDataSet(
            "fashion-mnist",
            ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]),
    ];

    /// <summary>The one of that name; null: none.</summary>
    public static PublicDataSet? Named(string name) => All.FirstOrDefault(set => set.Name == name);

    /// <summary>The name in sweep files and on the command line; also the name of its folder.</summary>
    public string Name { get; }

    /// <summary>The name of each class, by label.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The files that must be there, by the names they are distributed under.</summary>
    public abstract IReadOnlyList<string> Files { get; }

    /// <summary>Reads it from the first folder that has all its files.</summary>
    /// <exception cref="SweepsException">No folder has them, or they are damaged.</exception>
    public DataSet Read(DataFolders folders)
    {
        var incomplete = "";
        foreach (var folder in folders.CandidatesFor(Name))
        {
            var missing = Missing(folder);
            if (missing.Count == 0)
                return ReadFrom(folder);
            if (missing.Count < Files.Count && incomplete.Length == 0)
                incomplete = $" '{folder}' lacks {string.Join(", ", missing)}.";
        }

        throw new SweepsException(
            ErrorKind.Data,
            $"The data set '{Name}' was not found in {folders}.{incomplete} Get it with 'sweeps data get {Name}', or put "
            + $"{string.Join(", ", Files)} into '{Path.Combine(folders.Target.Path, Name)}', or train on 'digits', which needs no files.");
    }

    /// <summary>The folder that it would be read from; null: none has all its files.</summary>
    public string? Find(DataFolders folders) =>
        folders.CandidatesFor(Name).FirstOrDefault(folder => Missing(folder).Count == 0);

    /// <summary>The files that <paramref name="folder"/> lacks.</summary>
    internal abstract IReadOnlyList<string> Missing(string folder);

    private protected abstract DataSet ReadFrom(string folder);
}
