namespace Sweeps.TorchSharpTests;

/// <summary>
/// The folder beside the checkout that holds the listings of the real packages' API; not everyone has it.
/// </summary>
internal static class SharedFolder
{
    public static string? Path { get; } = Find();

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "Sweeps.sln"))) continue;
            var shared = System.IO.Path.Combine(folder.FullName, "..", "shared");
            return Directory.Exists(shared) ? shared : null;
        }

        return null;
    }
}
