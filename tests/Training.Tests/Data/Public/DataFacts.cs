using Sweeps.Tests;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Public;

namespace Sweeps.Training.Tests.Data.Public;

/// <summary>
/// A test on the real MNIST: skipped by name where SWEEPS_DATA and shared/data beside the repository lack it.
/// </summary>
public sealed class RealMnistFactAttribute : FactAttribute
{
    public RealMnistFactAttribute()
    {
        if (PublicDataSets.Find("mnist")!.Find(Folders) is null)
            Skip = $"MNIST is not on this machine: looked in {Folders}.";
    }

    public static DataFolders Folders { get; } = FindFolders();

    private static DataFolders FindFolders()
    {
        var shared = Path.GetFullPath(RepositoryRoot.Combine("..", "shared", "data"));
        return new([.. DataFolders.FromEnvironment().All, new DataFolder(shared, "shared/data beside the repository")]);
    }
}

/// <summary>A test against the system's tar: skipped by name where there is none.</summary>
public sealed class GnuTarFactAttribute : FactAttribute
{
    public const string Tar = "/bin/tar";

    public GnuTarFactAttribute()
    {
        if (!File.Exists(Tar))
            Skip = $"There is no {Tar} on this machine.";
    }
}
