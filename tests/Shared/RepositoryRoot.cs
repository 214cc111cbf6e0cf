namespace Sweeps.Tests;

/// <summary>Where the checkout under test lies: the nearest folder above the test assembly that holds
/// Sweeps.sln.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Sweeps.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException(
            $"No Sweeps.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
