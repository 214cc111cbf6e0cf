using FsCheck;
using FsCheck.Fluent;
using Sweeps.Core.Networks;

namespace Sweeps.Core.Tests.Networks;

public sealed class ArchitectureRoundTripTests
{
    [Fact]
    public void ToString_AnyArchitecture_ReadsBackAsTheSameLayers() =>
        Prop.ForAll(ArchitectureGenerator.Any, architecture =>
    {
        var again = Architecture.Parse(architecture.ToString());
        Assert.Equal(architecture.Layers, again.Layers);
        Assert.Equal(architecture.ToString(), again.ToString());
        Assert.Equal(architecture, again);
        Assert.Equal(architecture.GetHashCode(), again.GetHashCode());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
