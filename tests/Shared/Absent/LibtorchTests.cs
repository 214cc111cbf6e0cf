namespace Sweeps.Tests.Absent;

/// <summary>Stands for the tests of compat/TorchSharp where it cannot be built.</summary>
public sealed class LibtorchTests
{
    [Fact(Skip = "compat/TorchSharp needs Linux and libtorch's headers (apt-get install libtorch-dev)")]
    public void CompatTorchSharp_AllItsTests()
    {
    }
}
