using Sweeps.Tests;

namespace Sweeps.Compat.Orleans.Tests;

/// <summary>
/// Needs the listing of the real API and the tool that compares, which stand in a folder beside the repository.
/// </summary>
public sealed class ApiListingFactAttribute : FactAttribute
{
    public ApiListingFactAttribute()
    {
        if (!CompatFactAttribute.IsCompat)
        {
            Skip = "Built with the Microsoft.Orleans packages: this is about compat/Orleans.";
        }
        else if (!File.Exists(Listing) || !Directory.Exists(Tool))
        {
            Skip = "There is no ../shared/api/orleans-10.txt with the tool ../shared/tools/apilist.";
        }
    }

    public static string Listing { get; } = Path.GetFullPath(
        RepositoryRoot.Combine("..", "shared", "api", "orleans-10.txt"));

    public static string Tool { get; } = Path.GetFullPath(RepositoryRoot.Combine("..", "shared", "tools", "apilist"));
}
