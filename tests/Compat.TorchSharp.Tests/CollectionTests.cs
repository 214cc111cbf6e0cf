using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

/// <summary>
/// Goal: what nobody disposed is freed by the collector. Alone, since the count of live tensors is the process's.
/// </summary>
[Collection(nameof(ThreadTests))]
public class CollectionTests
{
    [Fact]
    public void Tensors_ForgottenOutsideOfScopes_AreCollected() => AssertCollected(() =>
    {
        for (var i = 0; i < 100; i++) _ = ones(i + 1);
        using var scope = NewDisposeScope();
        for (var i = 0; i < 100; i++) ones(i + 1).DetachFromDisposeScope();
    });

    [Fact]
    public void Tensors_InAScopeForgottenByAThreadThatEnded_AreCollected() => AssertCollected(() =>
    {
        var thread = new Thread(() =>
        {
            _ = NewDisposeScope();
            for (var i = 0; i < 100; i++) _ = ones(i + 1);
        });
        thread.Start();
        thread.Join();
    });

    private static void AssertCollected(Action forget)
    {
        Collect();
        var before = Tensor.TotalCount;
        Apart(forget);
        Collect();
        Assert.Equal(before, Tensor.TotalCount);
    }

    // A frame of its own, so that no local of it keeps anything alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Apart(Action action) => action();

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
