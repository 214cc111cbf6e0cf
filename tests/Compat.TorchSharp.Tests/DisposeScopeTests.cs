using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

public class DisposeScopeTests
{
    [Fact]
    public void Dispose_OfAScope_DisposesWhatWasMadeInItAndNotMovedOut()
    {
        Tensor view, result, moved, detached, outside = ones(3);
        using (var outer = NewDisposeScope())
        {
            Tensor kept;
            using (var inner = NewDisposeScope())
            {
                view = outside.view(3, 1);
                result = outside + 1;
                moved = (outside + 2).MoveToOuterDisposeScope();
                kept = inner.MoveToOuter(outside + 4);
                detached = (outside + 3).DetachFromDisposeScope();
                Assert.Equal(2, inner.DisposablesCount);
                Assert.True(inner.Contains(view));
                Assert.False(inner.Contains(moved));
            }

            Assert.True(view.IsInvalid);
            Assert.True(result.IsInvalid);
            Assert.Equal(2, outer.DisposablesCount);
            Assert.True(outer.Contains(moved) && outer.Contains(kept));
            Assert.Equal(9f, moved.sum().ToSingle());
        }

        Assert.True(moved.IsInvalid);
        Assert.Equal(3f, outside.sum().ToSingle());
        Assert.Equal(12f, detached.sum().ToSingle());
        detached.Dispose();
        outside.Dispose();
    }

    [Fact]
    public void DisposeEverythingBut_SomeTensors_KeepsThemInTheScope()
    {
        var scope = NewDisposeScope();
        var made = Enumerable.Range(0, 50).Select(i => zeros(i + 1)).ToArray();
        scope.DisposeEverythingBut(made[3], made[49]);
        Assert.Equal([3, 49], Enumerable.Range(0, 50).Where(i => !made[i].IsInvalid));
        Assert.Equal(2, scope.DisposablesView.Count);
        scope.Dispose();
        Assert.All(made, tensor => Assert.True(tensor.IsInvalid));
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
    }

    [Fact]
    public void Attach_ATensorOfAnotherScope_MovesIt()
    {
        using var first = NewDisposeScope();
        var tensor = ones(1);
        using var second = NewDisposeScope();
        second.Attach(tensor);
        Assert.False(first.Contains(tensor));
        Assert.True(second.Contains(tensor));
        var free = ones(1).DetachFromDisposeScope();
        free.MoveToOtherDisposeScope(tensor);
        Assert.True(second.Contains(free));
        Assert.Throws<InvalidOperationException>(() => second.Attach(new MemoryStream()));
    }

    [Fact]
    public void Scopes_DisposedOutermostFirst_LeaveAUsableChain()
    {
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        outer.Dispose();
        var tensor = ones(1);
        Assert.True(inner.Contains(tensor));
        inner.Dispose();
        Assert.True(tensor.IsInvalid);
        using var free = ones(1);
        Assert.False(free.IsInvalid);
    }

    [Fact]
    public void Scope_OnOneThread_DoesNotHoldAnothersTensors()
    {
        using var scope = NewDisposeScope();
        Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = ones(1));
        thread.Start();
        thread.Join();
        Assert.False(scope.Contains(elsewhere!));
        scope.Dispose();
        Assert.False(elsewhere!.IsInvalid);
        elsewhere.Dispose();
    }

    [Fact]
    public void WrappedScope_Always_KeepsOnlyTheResult()
    {
        using var scope = NewDisposeScope();
        var result = WrappedTensorDisposeScope(() => (ones(2) * 3 + 1).sum());
        Assert.Equal(8f, result.ToSingle());
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void Statistics_OfAThread_CountItsOwnTensors()
    {
        OnAThread(() =>
        {
            var statistics = DisposeScopeManager.Statistics;
            Assert.Equal(0, statistics.ThreadTotalLiveCount);
            var outside = ones(1);
            using (var scope = NewDisposeScope())
            {
                scope.Detach(ones(1)).Dispose();
                ones(1).Dispose();
                _ = outside + 1;
                scope.Attach(outside);
                Assert.Equal(2, statistics.ThreadTotalLiveCount);
            }

            Assert.Equal(0, statistics.ThreadTotalLiveCount);
            var tensors = statistics.TensorStatistics;
            Assert.Equal((1, 3), (tensors.CreatedOutsideScopeCount, tensors.CreatedInScopeCount));
            Assert.Equal((1, 1), (tensors.AttachedToScopeCount, tensors.DetachedFromScopeCount));
            Assert.Equal((1, 3), (tensors.DisposedOutsideScopeCount, tensors.DisposedInScopeCount));
            statistics.Reset();
            Assert.Equal(0, tensors.CreatedInScopeCount);
        });
    }

    [Fact]
    public void Training_OverManyBatches_LeavesNoTensorAlive()
    {
        OnAThread(() =>
        {
            using var weight = randn(4, 3).requires_grad_();
            using var input = randn(8, 3);
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            for (var i = 0; i < 200; i++)
            {
                using var batch = NewDisposeScope();
                var loss = nn.functional.mse_loss(nn.functional.linear(input, weight).tanh(), zeros(8, 4));
                loss.backward();
                using var off = no_grad();
                weight.sub_(weight.grad! * 0.01);
                weight.grad = null;
                Assert.True(loss.ToSingle() < 2);
            }

            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        });
    }

    private static void OnAThread(Action body)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(body));
        thread.Start();
        thread.Join();
        if (failure is not null) throw new Xunit.Sdk.XunitException(failure.ToString());
    }
}
