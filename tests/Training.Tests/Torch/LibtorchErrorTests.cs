using System.Runtime.InteropServices;
using Sweeps.Training.Torch;
using TorchSharp;

namespace Sweeps.Training.Tests.Torch;

/// <summary>What people read of libtorch's errors.</summary>
public sealed class LibtorchErrorTests
{
    [Fact]
    public void Says_RealError_IsItsMessageAlone()
    {
        var error = Assert.Throws<ExternalException>(() => torch.ones(2, 3).add(torch.ones(4)));

        var says = LibtorchError.Says(error.Message);

        Assert.Contains("must match the size", says);
        Assert.DoesNotContain("frame #", says);
        Assert.DoesNotContain('\n', says);
    }

    [Theory]
    [InlineData("can't allocate memory\nException raised from alloc_cpu at x.cpp:1:\nframe #0: f", true)]
    [InlineData("bad size\nException raised from f at g.cpp:2:\nframe #0: alloc_cpu + 0x12", false)]
    [InlineData("bad size", false)]
    public void Says_WithATrace_EndsWhereItBegins(string message, bool isOutOfMemory)
    {
        var says = LibtorchError.Says(message);

        Assert.Equal(message.Split('\n')[0], says);
        Assert.Equal(isOutOfMemory, LibtorchError.IsOutOfMemory(says));
    }
}
