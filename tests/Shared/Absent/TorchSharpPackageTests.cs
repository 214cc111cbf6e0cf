namespace Sweeps.Tests.Absent;

/// <summary>Stands for the tests of compat/TorchSharp on the real package where there is none.</summary>
public sealed class TorchSharpPackageTests
{
    [Fact(Skip = "the TorchSharp package is not in use here (.build/registry.props)")]
    public void RealTorchSharp_AllTestsOfCompatTorchSharp()
    {
    }
}
