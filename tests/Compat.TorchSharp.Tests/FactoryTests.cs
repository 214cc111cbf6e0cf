using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

public class FactoryTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Factories_WithEveryWayToGiveAShape_MakeThatShape()
    {
        Assert.Equal([3L], zeros(3).shape);
        Assert.Equal([3L, 2L], ones(3, 2L).shape);
        Assert.Equal([3L, 2L, 1L], empty(3, 2, 1).shape);
        Assert.Equal([3L, 2L, 1L, 4L], full(3, 2, 1, 4, 0.5).shape);
        Assert.Equal([2L, 3L], zeros([2L, 3L]).shape);
        Assert.Equal([2L, 3L, 1L, 1L, 2L], rand(new long[] { 2, 3, 1, 1, 2 }).shape);
        Assert.Empty(zeros(ReadOnlySpan<long>.Empty).shape);
        Assert.Equal([3L, 3L], eye(3).shape);
    }

    [Fact]
    public void Factories_ByDefaultAndWithAType_HaveThatType()
    {
        Assert.Equal(ScalarType.Float32, zeros(1).dtype);
        Assert.Equal(ScalarType.Byte, ones(1, dtype: uint8).dtype);
        Assert.Equal(ScalarType.Float64, full(1, 2.0, dtype: float64).dtype);
        Assert.Equal(ScalarType.Int64, arange(3).dtype);
        Assert.Equal(ScalarType.Float32, arange(0.0, 1.0, 0.5).dtype);
        Assert.Equal(ScalarType.Float64, zeros_like(ones(2, dtype: float64)).dtype);
        Assert.Equal(ScalarType.Int32, tensor(new[] { 1, 2 }).dtype);
        Assert.Equal(ScalarType.Int64, tensor(new[] { 1L, 2 }).dtype);
        Assert.Equal(ScalarType.Byte, tensor(new byte[] { 1, 2 }).dtype);
        Assert.Equal(ScalarType.Bool, tensor(true).dtype);
        Assert.Equal(ScalarType.Float32, tensor(new[] { 1.0, 2 }, dtype: float32).dtype);
        Assert.Equal(4, zeros(1).element_size());
    }

    [Fact]
    public void Factories_OfNumbers_HoldThem()
    {
        Assert.Equal([2f, 2f], full(2, 2).to_type(float32).data<float>().ToArray());
        Assert.Equal([0L, 1, 2], arange(3).data<long>().ToArray());
        Assert.Equal([1L, 3, 5], arange(1, 7, 2).data<long>().ToArray());
        Assert.Equal([1.0, 2, 3, 4], tensor(new double[,] { { 1, 2 }, { 3, 4 } }).data<double>().ToArray());
        Assert.Equal([2L, 2L], tensor(new double[,] { { 1, 2 }, { 3, 4 } }).shape);
        Assert.Equal([2L, 2L], tensor(new[] { 1f, 2, 3, 4 }, [2, 2]).shape);
        Assert.Equal(7, tensor(7).item<int>());
        Assert.Equal(2.5f, tensor(2.5f).item<float>());
        Assert.Equal(2.5, tensor(2.5).item<double>());
        Assert.Equal([1f, 0, 0, 1], eye(2).data<float>().ToArray());
        Assert.Equal([0L, 0, 1, 0, 1, 0], nn.functional.one_hot(tensor(new long[] { 2, 1 }), 3).data<long>().ToArray());
        Assert.Throws<ArgumentException>(() => tensor(new[] { 1f, 2 }, [3]));
    }

    [Fact]
    public void ManualSeed_SetTwice_RepeatsTheNumbers()
    {
        using var generator = new Generator(5);
        var first = randn(10, generator: generator).data<float>().ToArray();
        var second = randn(10, generator: generator).data<float>().ToArray();
        generator.manual_seed(5);
        Assert.Equal(first, randn(10, generator: generator).data<float>().ToArray());
        Assert.NotEqual(first, second);
        Assert.Equal(5, generator.initial_seed());
        using var other = new Generator(6);
        var uniform = rand(1000, generator: other);
        Assert.InRange(uniform.mean().ToSingle(), 0.45f, 0.55f);
        Assert.InRange(uniform.min().ToSingle(), 0f, 0.02f);
    }

    [Fact]
    public void Scalars_FromAndToNumbers_KeepValueAndKind()
    {
        Scalar real = 1.5f, whole = 7, flag = true;
        Assert.Equal((ScalarType.Float64, ScalarType.Int64, ScalarType.Bool), (real.Type, whole.Type, flag.Type));
        Assert.Equal((1.5, 7L, true), (real.ToDouble(), whole.ToInt64(), flag.ToBoolean()));
        Assert.Equal((3, 3L, 3f, (byte)3), (
            tensor(3.0).ToInt32(), tensor(3L).ToInt64(), tensor(3).ToSingle(), tensor(3).ToByte()));
        Assert.Equal(ScalarType.Int32, (tensor(3) * 2).dtype);
        Assert.Equal(ScalarType.Float32, (tensor(3) * 2.5).dtype);
    }

    [Fact]
    public void Version_OfLibtorch_IsANumber() =>
        Assert.True(Version.TryParse(__version__.Split('+')[0], out var version) && version.Major >= 1);
}
