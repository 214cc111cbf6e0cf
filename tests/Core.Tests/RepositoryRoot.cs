namespace Sweeps.Core.Tests;

/// <summary>Finds files of the repository from wherever the tests run.</summary>
internal static class RepositoryRoot
{
    private static readonly string s_path = Find(AppContext.BaseDirectory);

    /// <summary>The path of a file or folder, given from the root.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([s_path, .. parts]);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Sweeps.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
