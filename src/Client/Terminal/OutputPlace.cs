using System.CommandLine;
using Sweeps.Core;

namespace Sweeps.Client.Terminal;

/// <summary>
/// Where a command will write, checked before its work begins. One rule for all of them: a folder named for output is
/// made in one that is there, what lies in it is replaced, and each file is named with <c>written</c> or
/// <c>replaced</c>.
/// </summary>
internal static class OutputPlace
{
    /// <summary>Refuses a folder that could not be written into.</summary>
    /// <exception cref="SweepsException">It is a file, or cannot be made or written to.</exception>
    public static void CheckFolder(Symbol option, string folder)
    {
        if (string.IsNullOrWhiteSpace(folder))
            throw new SweepsException(ErrorKind.Usage, $"{option.Name}: nothing is named; name a folder.");
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var nearest = Directory.Exists(full) ? full : Path.GetDirectoryName(full);
        if (File.Exists(full))
            throw new SweepsException(ErrorKind.Usage, $"{option.Name}: '{folder}' is a file; name a folder.");
        if (!Directory.Exists(nearest))
        {
            throw new SweepsException(
                ErrorKind.Usage, $"{option.Name}: there is no folder '{nearest}' to make '{folder}' in; make it first, "
                    + "or name another place.");
        }

        Try(option, folder, () =>
        {
            var probe = Path.Combine(nearest, $".sweeps-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}");
            using var file = new FileStream(
                probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        });
    }

    /// <summary>Refuses a file that could not be written.</summary>
    /// <exception cref="SweepsException">It is a folder, or cannot be made or written to.</exception>
    public static void CheckFile(Symbol option, string file)
    {
        if (string.IsNullOrWhiteSpace(file) || Directory.Exists(file))
            throw new SweepsException(ErrorKind.Usage, $"{option.Name}: '{file}' is a folder; name a file.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(file));
        if (File.Exists(file))
            Try(option, file, () => new FileStream(file, FileMode.Open, FileAccess.Write).Dispose());
        else if (Directory.Exists(folder))
            CheckFolder(option, folder);
        else
            throw new SweepsException(
                ErrorKind.Usage, $"{option.Name}: '{file}' cannot be written: there is no folder '{folder}'; make it "
                    + "first, or name another place.");
    }

    private static void Try(Symbol option, string place, Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"{option.Name}: '{place}' cannot be written: {Why(error)}; name another place.",
                error);
        }
    }

    // The system's own words name the file that was tried, which is none of the user's.
    private static string Why(Exception error) => error switch
    {
        UnauthorizedAccessException => "you have no right to",
        FileNotFoundException or DirectoryNotFoundException => "no file can be made there",
        _ => error.Message.TrimEnd('.'),
    };
}

/// <summary>A file that a command wrote.</summary>
/// <param name="Path">Where.</param>
/// <param name="Replaced">Another one was there.</param>
internal sealed record WrittenFile(string Path, bool Replaced)
{
    /// <summary><c>written        results.csv</c>.</summary>
    public override string ToString() => $"{(Replaced ? "replaced" : "written "),-15}{Shown(Path)}";

    /// <summary>A place from the working folder on, where it lies inside; otherwise as it is.</summary>
    public static string Shown(string path)
    {
        var relative = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
