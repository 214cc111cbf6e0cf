using Sweeps.Core;

namespace Sweeps.Training.Data;

/// <summary>A folder that data sets are looked for in.</summary>
/// <param name="Path">The folder; it need not exist.</param>
/// <param name="Origin">Who named it, for messages: <c>--data-dir</c>, <c>SWEEPS_DATA</c>, <c>the cache
/// folder</c>.</param>
public sealed record DataFolder(string Path, string Origin);

/// <summary>
/// Where data sets are looked for, in this order: <c>--data-dir</c>, the variable SWEEPS_DATA, the user's cache folder,
/// on Linux the folder of the system's packages (Debian's <c>dataset-fashion-mnist</c> puts its files there). In
/// each one, <c>mnist</c> is looked for in its subfolder <c>mnist</c> and then in the folder itself.
/// </summary>
public sealed class DataFolders
{
    /// <summary>The environment variable that names a data folder.</summary>
    public const string Variable = "SWEEPS_DATA";

    /// <summary>Where packages of the system put data sets.</summary>
    public const string SystemFolder = "/usr/share/datasets";

    private const string CacheOrigin = "the cache folder";

    /// <summary>Looks in these folders, in this order.</summary>
    public DataFolders(params IReadOnlyList<DataFolder> folders) => All = folders;

    /// <summary>The folders, first choice first; none: only data sets that need no files are found.</summary>
    public IReadOnlyList<DataFolder> All { get; }

    /// <summary>Where a download goes: the first choice, or the cache folder where there is none.</summary>
    public DataFolder Target => All.Count > 0 ? All[0] : new(CacheFolder(), CacheOrigin);

    /// <summary>Where tables that come from a store are kept.</summary>
    public string Cache => All.LastOrDefault(folder => folder.Origin == CacheOrigin)?.Path ?? CacheFolder();

    /// <summary>The folders of this process.</summary>
    /// <param name="dataDir">The value of <c>--data-dir</c>; null: not given.</param>
    public static DataFolders FromEnvironment(string? dataDir = null)
    {
        var folders = new List<DataFolder>();
        if (!string.IsNullOrEmpty(dataDir))
            folders.Add(new(Path.GetFullPath(dataDir), "--data-dir"));
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable)
            folders.Add(new(Path.GetFullPath(variable), Variable));
        folders.Add(new(CacheFolder(), CacheOrigin));
        if (OperatingSystem.IsLinux())
            folders.Add(new(SystemFolder, "packages of the system"));
        return new(folders);
    }

    /// <summary>
    /// The folders that may hold the data set <paramref name="name"/>, existing ones only, first choice first.
    /// </summary>
    /// <exception cref="SweepsException">The folder given by --data-dir does not exist.</exception>
    public IEnumerable<string> CandidatesFor(string name)
    {
        foreach (var folder in All)
        {
            if (folder.Origin == "--data-dir" && !Directory.Exists(folder.Path))
                throw new SweepsException(ErrorKind.Data, $"--data-dir: there is no folder '{folder.Path}'.");
            foreach (var candidate in (string[])[Path.Combine(folder.Path, name), folder.Path])
            {
                if (Directory.Exists(candidate))
                    yield return candidate;
            }
        }
    }

    /// <summary>
    /// The folders in words, for messages: <c>/data (SWEEPS_DATA), /home/ada/.cache/sweeps/data (the cache folder)</c>.
    /// </summary>
    public override string ToString() => All.Count == 0
        ? "no folder at all"
        : string.Join(", ", All.Select(folder => $"{folder.Path} ({folder.Origin})"));

    private static string CacheFolder()
    {
        string root;
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        else if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache))
            root = cache;
        else
            root = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(root.Length == 0 ? Path.GetTempPath() : root, "sweeps", "data");
    }
}
