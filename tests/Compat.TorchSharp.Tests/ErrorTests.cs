using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

/// <summary>Goal: whatever is wrong, the caller gets an exception that says what, and the process goes on.</summary>
public class ErrorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string> Names => [.. Wrong.Keys];

    private static readonly Dictionary<string, (Action Call, string Says)> Wrong = new()
    {
        ["mm of wrong sizes"] = (() => ones(2, 3).mm(ones(2, 3)), "2x3"),
        ["add of wrong sizes"] = (() => ones(2, 3).add(ones(4)), "must match the size"),
        ["add_ of wrong sizes"] = (() => ones(2, 3).add_(ones(4, 3)), "must match the size"),
        ["view of another size"] = (() => ones(2, 3).view(4), "invalid for input of size 6"),
        ["narrow past the end"] = (() => ones(3).narrow(0, 2, 5), "exceeds dimension size"),
        ["select past the end"] = (() => ones(3).select(0, 3), "out of range"),
        ["size of a missing dimension"] = (() => ones(3).size(1), "Dimension out of range"),
        ["linear of wrong sizes"] = (() => nn.functional.linear(ones(2, 3), ones(4, 5)), "shapes cannot be multiplied"),
        ["conv2d of wrong channels"] = (() => nn.functional.conv2d(ones(1, 2, 5, 5), ones(1, 3, 3, 3)), "3 channels"),
        ["max_pool2d with nothing left"] = (() => nn.functional.max_pool2d(ones(1, 1, 2, 2), 3), "too small"),
        ["class out of range"] = (
            () => nn.functional.cross_entropy(ones(1, 3), tensor(new long[] { 5 })), "5 is out of bounds"),
        ["mm of different types"] = (() => ones(2, 2).mm(ones(2, 2, dtype: float64)), "type"),
        ["mean of integers"] = (() => ones(2, dtype: int64).mean(), "float"),
        ["gradient of an integer"] = (() => ones(2, dtype: int64).requires_grad_(), "floating point"),
        ["backward of many numbers"] = (() => (ones(2, requires_grad: true) * 2).backward(), "scalar outputs"),
        ["backward of nothing recorded"] = (() => ones(1).backward(), "does not require grad"),
        ["leaf changed in place"] = (() => ones(2, requires_grad: true).add_(1), "leaf"),
        ["number of many"] = (() => ones(2).ToSingle(), ""),
        // libtorch 2 says it in other words.
        ["bad negative size"] = (() => zeros(-1), CompatFactAttribute.IsCompat ? "negative dimension" : "non-negative"),
        ["absurdly much memory"] = (() => empty(1L << 50), "memory"),
        ["more than can be counted"] = (() => empty(1L << 40, 1L << 40), ""),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Call_WithWrongArguments_ThrowsWhatLibtorchSays(string name)
    {
        var (call, says) = Wrong[name];
        for (var i = 0; i < 2; i++)
        {
            var error = Assert.Throws<ExternalException>(call);
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
            // The package lets libtorch's stack trace through.
            if (CompatFactAttribute.IsCompat)
                Assert.DoesNotContain("frame #", error.Message, StringComparison.Ordinal);
        }

        // The error belongs to that call alone.
        Assert.Equal(4f, ones(4).sum().ToSingle());
    }

    [Fact]
    public void DisposedTensor_UsedAtAll_IsInvalid()
    {
        var x = ones(3);
        x.Dispose();
        x.Dispose();
        Assert.True(x.IsInvalid);
        Action[] uses =
        [
            () => x.add(1), () => x.add_(1), () => ones(3).add(x), () => _ = x.shape, () => _ = x.bytes.Length,
            () => x.sum(), () => _ = x.grad, () => x.data<float>(), () => cat([x]), () => _ = x.Handle,
            () => nn.functional.linear(ones(1, 3), x), () => x.backward(), () => x.numel(), () => _ = x.dtype,
        ];
        Assert.All(uses, use => Assert.Throws<InvalidOperationException>(use));
    }

    /// <summary>The package (0.107) takes it without a word.</summary>
    [CompatFact]
    public void Gradient_OfAnotherShape_IsAnError()
    {
        var error = Assert.Throws<ExternalException>(() => ones(2).grad = ones(3));
        Assert.Contains("shape", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_Joined_IsAnError() => Assert.Throws<ArgumentException>(() => cat(new List<Tensor>()));

    [Fact]
    public void Null_AsATensor_IsAnException() => Assert.ThrowsAny<Exception>(() => ones(3).add((Tensor)null!));

    [Fact]
    public void DisposedScalar_UsedAgain_IsInvalid()
    {
        Scalar two = 2;
        two.Dispose();
        Assert.Throws<InvalidOperationException>(() => ones(3).mul(two));
    }

    [Fact]
    public void Device_OtherThanTheCpu_IsAnError()
    {
        if (cuda_is_available()) return;
        Assert.ThrowsAny<Exception>(() => zeros(1, device: device("cuda")));
    }

    [Fact]
    public async Task Error_OnOneThread_IsNotSeenOnAnother()
    {
        using var failed = new ManualResetEventSlim();
        using var seen = new ManualResetEventSlim();
        var failing = Task.Run(() =>
        {
            var error = Assert.Throws<ExternalException>(() => zeros(2, 3).mm(zeros(2, 3)));
            failed.Set();
            seen.Wait();
            return error.Message;
        });
        failed.Wait();
        Assert.Equal(2f, ones(2).sum().ToSingle());
        var other = Assert.Throws<ExternalException>(() => zeros(7, 5).mm(zeros(7, 5)));
        seen.Set();
        Assert.Contains("7x5", other.Message, StringComparison.Ordinal);
        Assert.Contains("2x3", await failing, StringComparison.Ordinal);
    }
}
