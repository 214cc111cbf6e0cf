using Sweeps.Core;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Data;

/// <summary>Data sets that the system's packages bring.</summary>
public sealed class SystemFolderTests
{
    /// <summary>Where Debian's package dataset-fashion-mnist has them, by its list of files.</summary>
    [Fact]
    public void FromEnvironment_OnLinux_LooksThereLast()
    {
        var folders = DataFolders.FromEnvironment();
        Assert.Equal(OperatingSystem.IsLinux(), folders.All[^1].Path == "/usr/share/datasets");
        Assert.NotEqual("/usr/share/datasets", folders.Target.Path);
        Assert.NotEqual("/usr/share/datasets", folders.Cache);
    }

    [Theory]
    [InlineData("fashion-mnist", true)]
    [InlineData("mnist", false)]
    public void Load_Nowhere_NamesThePackageWhereThereIsOne(string name, bool hasPackage)
    {
        var error = Assert.Throws<SweepsException>(
            () => new DataSets(new DataFolders()).Load(new DataRequest(name)));
        Assert.Equal(
            hasPackage, error.Message.Contains("apt install dataset-fashion-mnist", StringComparison.Ordinal));
        Assert.Contains($"sweeps data get {name}", error.Message, StringComparison.Ordinal);
    }
}
