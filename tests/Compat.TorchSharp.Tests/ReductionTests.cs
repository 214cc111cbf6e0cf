using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

public class ReductionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly double[] _values = Numbers.Spread(12, -2, 2, 3);
    private readonly Tensor _matrix;

    public ReductionTests() => _matrix = Numbers.Of(_values, 3, 4);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void SumAndMean_AlongAndOverAll_EqualLoops()
    {
        var rows = Enumerable.Range(0, 3).Select(i => _values.Skip(4 * i).Take(4).Sum()).ToArray();
        Numbers.AssertClose(rows, Numbers.Values(_matrix.sum(1)), 1e-12);
        Numbers.AssertClose(rows, Numbers.Values(_matrix.sum([1L], true).view(3)), 1e-12);
        Numbers.AssertClose(rows.Select(x => x / 4).ToArray(), Numbers.Values(_matrix.mean([1])), 1e-12);
        Assert.Equal(_values.Sum(), _matrix.sum().ToDouble(), 12);
        Assert.Equal(_values.Sum(), _matrix.sum(0, 1).ToDouble(), 12);
        Assert.Equal(_values.Average(), _matrix.mean().ToDouble(), 12);
        Assert.Equal([3L, 1L], _matrix.sum(1, keepdim: true).shape);
        Assert.Equal(ScalarType.Float32, _matrix.sum(ScalarType.Float32).dtype);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Spread_OverAllAndAlong_EqualsTheDefinition(bool unbiased)
    {
        double Variance(IEnumerable<double> x)
        {
            var list = x.ToList();
            return list.Sum(v => Math.Pow(v - list.Average(), 2)) / (list.Count - (unbiased ? 1 : 0));
        }

        var columns = Enumerable.Range(0, 4).Select(
            j => Variance(Enumerable.Range(0, 3).Select(i => _values[4 * i + j])));
        // Over everything, the package (0.107) takes the unbiased one whatever is asked for.
        if (unbiased || CompatFactAttribute.IsCompat)
        {
            Assert.Equal(Variance(_values), _matrix.var(unbiased).ToDouble(), 12);
            Assert.Equal(Math.Sqrt(Variance(_values)), _matrix.std(unbiased).ToDouble(), 12);
        }

        Numbers.AssertClose(columns.ToArray(), Numbers.Values(_matrix.var(0, unbiased)), 1e-12);
        Numbers.AssertClose(columns.Select(Math.Sqrt).ToArray(), Numbers.Values(_matrix.std([0], unbiased)), 1e-12);
    }

    [Fact]
    public void Extremes_OverAllAndAlong_EqualLoops()
    {
        Assert.Equal(_values.Max(), _matrix.max().ToDouble());
        Assert.Equal(_values.Min(), _matrix.min().ToDouble());
        Assert.Equal(Array.IndexOf(_values, _values.Max()), _matrix.argmax().ToInt64());
        Assert.Equal(Array.IndexOf(_values, _values.Min()), _matrix.argmin().ToInt64());
        var (values, indexes) = _matrix.max(1);
        var places = indexes.data<long>().ToArray();
        for (var i = 0; i < 3; i++)
        {
            var row = _values.Skip(4 * i).Take(4).ToArray();
            Assert.Equal(row.Max(), values.data<double>()[i]);
            Assert.Equal(Array.IndexOf(row, row.Max()), places[i]);
        }

        Assert.Equal(places, _matrix.argmax(1).data<long>().ToArray());
    }

    [Fact]
    public void Norm_OfOrderOneTwoThree_EqualsTheDefinition()
    {
        foreach (var p in new[] { 1f, 2f, 3f })
        {
            var expected = Math.Pow(_values.Sum(x => Math.Pow(Math.Abs(x), p)), 1 / p);
            // libtorch 1.13 takes 1/p in single precision, whatever the elements are.
            Assert.Equal(expected, _matrix.norm(p).ToDouble(), 6);
        }
    }

    [Fact]
    public void AnyAndAll_OverAllAndAlong_EqualLoops()
    {
        Assert.True((_matrix > _values.Min() - 1).all().ToBoolean());
        Assert.False((_matrix > _values.Min()).all().ToBoolean());
        Assert.True((_matrix > 0).any().ToBoolean());
        Assert.False((_matrix > 10).any().ToBoolean());
        var rows = Enumerable.Range(0, 3).Select(i => _values.Skip(4 * i).Take(4).Any(x => x > 1)).ToArray();
        Assert.Equal(rows, (_matrix > 1).any(1).data<bool>().ToArray());
    }

    [Fact]
    public void Softmax_OfLargeNumbers_IsNormalisedAndStable()
    {
        var softmax = (_matrix * 500).softmax(1);
        Assert.True(softmax.isfinite().all().ToBoolean());
        Numbers.AssertClose([1, 1, 1], Numbers.Values(softmax.sum(1)), 1e-12);
        Assert.True(softmax.log_softmax(1).allclose(softmax.softmax(1).log()));
    }

    [Fact]
    public void Comparison_OfWholeTensors_SeesOneDifference()
    {
        var other = _matrix.clone();
        Assert.True(_matrix.Equals(other));
        Assert.True(_matrix.allclose(other));
        other.select(0, 1).select(0, 2).add_(1e-3);
        Assert.False(_matrix.Equals(other));
        Assert.False(_matrix.allclose(other));
        Assert.True(_matrix.allclose(other, atol: 1e-2));
        Assert.Equal(11, _matrix.equal(other).sum().ToInt32());
    }
}
