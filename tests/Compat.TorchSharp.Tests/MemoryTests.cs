using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

/// <summary>Goal: the trainer may keep everything in flat buffers and write to them from .NET.</summary>
public class MemoryTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Bytes_Written_AreTheTensorsElements()
    {
        var tensor = zeros(2, 3);
        var numbers = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        Assert.Equal(6, numbers.Length);
        for (var i = 0; i < 6; i++) numbers[i] = i;
        Assert.Equal(15f, tensor.sum().ToSingle());
        tensor.add_(1);
        Assert.Equal([1f, 2, 3, 4, 5, 6], numbers.ToArray());
    }

    [Fact]
    public void Bytes_Assigned_CopiesAndChecksTheLength()
    {
        var tensor = zeros(3, dtype: ScalarType.Int32);
        tensor.bytes = MemoryMarshal.AsBytes(new[] { 7, 8, 9 }.AsSpan());
        Assert.Equal([7, 8, 9], tensor.data<int>().ToArray());
        Assert.Throws<ArgumentException>(() => tensor.bytes = new byte[11]);
        Assert.Throws<InvalidOperationException>(() => zeros(2, 3).t().bytes.Length);
        Assert.Throws<InvalidOperationException>(() => zeros(2, 3).t().bytes = new byte[24]);
    }

    [Fact]
    public void InPlaceOperations_OnViewsOfAFlatBuffer_ChangeTheBufferOnly_There()
    {
        var flat = zeros(10);
        var weight = flat.narrow(0, 1, 6).view(2, 3);
        var bias = flat.narrow(0, 7, 2);
        weight.addmm_(ones(2, 4), ones(4, 3), beta: 0);
        bias.fill_(9).mul_(2).sub_(1);
        weight.select(0, 1).copy_(tensor(new[] { 1f, 2f, 3f }));
        Assert.Equal([0f, 4, 4, 4, 1, 2, 3, 17, 17, 0], flat.data<float>().ToArray());
        Assert.Equal(1, weight.storage_offset());
        Assert.Equal([3L, 1L], weight.stride());
    }

    [Fact]
    public void InPlaceOperation_Always_ReturnsTheSameObject()
    {
        var x = ones(2);
        Assert.Same(x, x.add_(1));
        Assert.Same(x, x.mul_(x));
        Assert.Same(x, x.relu_());
        Assert.Same(x, x.fill_(0));
        Assert.Same(x, x.requires_grad_());
    }

    [Fact]
    public void Alias_Detach_AndView_ShareMemory_CloneDoesNot()
    {
        var x = ones(4);
        var shared = new[] { x.alias(), x.detach(), x.view(2, 2), x.reshape(4, 1), x.slice(0, 0, 4, 1) };
        var copies = new[] { x.clone(), x.to_type(ScalarType.Float32, copy: true), x.add(0) };
        x.fill_(5);
        Assert.All(shared, s => Assert.Equal(20f, s.sum().ToSingle()));
        Assert.All(copies, c => Assert.Equal(4f, c.sum().ToSingle()));
    }

    /// <summary>The package's CopyTo goes by memory from its start index on.</summary>
    [CompatFact]
    public void Accessor_OfATransposedTensor_FollowsItsShapeNotItsMemory()
    {
        var transposed = arange(6).view(2, 3).t();
        var accessor = transposed.data<long>();
        Assert.Equal([0L, 3, 1, 4, 2, 5], accessor.ToArray());
        Assert.Equal([0L, 3, 1, 4, 2, 5], accessor.ToList());
        Assert.Equal(4, accessor[1, 1]);
        Assert.Equal(5, accessor[5]);
        accessor[2, 0] = 20;
        Assert.Equal(20, transposed.select(0, 2).select(0, 0).item<long>());
        accessor.CopyFrom([10L, 11, 12], arrayIndex: 1, tensorIndex: 0);
        Assert.Equal([11L, 12, 1, 4, 20, 5], accessor.ToArray());
        var part = new long[3];
        accessor.CopyTo(part, arrayIndex: 1, tensorIndex: 3);
        Assert.Equal([0L, 4, 20], part);
        Assert.Throws<IndexOutOfRangeException>(() => accessor[3, 0]);
        Assert.Throws<IndexOutOfRangeException>(() => accessor[6]);
    }

    [Fact]
    public void Data_AsAnotherType_IsAnError()
    {
        Assert.Throws<ArgumentException>(() => ones(2).data<double>());
        Assert.Throws<ArgumentException>(() => ones(1).item<int>());
        Assert.Throws<ArgumentException>(() => ones(2).item<float>());
    }

    [Fact]
    public void FromArrayAndFromBuffer_ShareTheArray_TensorCopiesIt()
    {
        var array = new float[] { 1, 2, 3, 4 };
        var shared = from_array(array);
        var part = frombuffer(array, ScalarType.Float32, count: 2, offset: 1);
        var copied = tensor(array);
        array[1] = 20;
        part.add_(1);
        Assert.Equal([1f, 21, 4, 4], array);
        Assert.Equal([1f, 21, 4, 4], shared.data<float>().ToArray());
        Assert.Equal([1f, 2, 3, 4], copied.data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => frombuffer(array, ScalarType.Float32, offset: 4));
    }

    [Fact]
    public void FromArray_WhenTheTensorIsGone_LetsTheArrayGo()
    {
        var array = MakeAndDropASharedTensor();
        GC.Collect();
        Assert.False(array.IsAlive);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference MakeAndDropASharedTensor()
    {
        var array = new double[1000];
        using (var tensor = from_array(array))
        {
            using var view = tensor.narrow(0, 10, 10);
            Assert.Equal(0, view.sum().ToDouble());
        }

        return new WeakReference(array);
    }
}
