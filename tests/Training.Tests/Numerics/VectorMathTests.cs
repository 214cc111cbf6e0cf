using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Tests.Numerics;

/// <summary>Against the platform's functions in double precision.</summary>
public sealed class VectorMathTests
{
    [Fact]
    public void Exp_OverItsRange_IsWithinTwoUnits()
    {
        for (var x = -87.2f; x < 88.7f; x += 0.0137f)
            Assert.InRange(At(VectorMath.Exp, x) / Math.Exp(x), 1 - 2e-7, 1 + 2e-7);
        Assert.Equal(0, At(VectorMath.Exp, -200));
        Assert.Equal(0, At(VectorMath.Exp, float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, At(VectorMath.Exp, 89));
        Assert.Equal(1, At(VectorMath.Exp, 0));
        Assert.True(float.IsNaN(At(VectorMath.Exp, float.NaN)));
    }

    [Fact]
    public void Tanh_OverItsRange_IsWithinTheStatedError()
    {
        for (var x = -20f; x < 20; x += 0.00713f)
        {
            Assert.InRange(At(VectorMath.Tanh, x) - Math.Tanh(x), -3e-7, 3e-7);
            Assert.InRange(At(VectorMath.Tanh, x) - Math.Tanh(x), -1e-6 * Math.Abs(Math.Tanh(x)),
                1e-6 * Math.Abs(Math.Tanh(x)));
        }

        Assert.Equal(1, At(VectorMath.Tanh, 1000));
        Assert.Equal(-1, At(VectorMath.Tanh, -1000));
        Assert.True(float.IsNaN(At(VectorMath.Tanh, float.NaN)));
    }

    [Fact]
    public void Sigmoid_OverItsRange_IsWithinTheStatedError()
    {
        for (var x = -80f; x < 80; x += 0.0371f)
            Assert.InRange(At(VectorMath.Sigmoid, x) * (1 + Math.Exp(-x)), 1 - 5e-7, 1 + 5e-7);
        Assert.Equal(0, At(VectorMath.Sigmoid, -1000));
        Assert.Equal(1, At(VectorMath.Sigmoid, 1000));
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068543)]
    [InlineData(-1, 0.158655253931457)]
    [InlineData(1.959963984540054, 0.975)]
    [InlineData(-3, 0.001349898031630095)]
    public void NormalProbability_TabulatedValues_Agree(float x, double expected) =>
        Assert.InRange(At(VectorMath.NormalProbability, x) - expected, -3e-7, 3e-7);

    [Fact]
    public void Log_OverManyMagnitudes_AgreesToTheLastDigits()
    {
        for (var x = 1e-300; x < 1e300; x *= 1.37)
            Assert.InRange((VectorMath.Log(x) - Math.Log(x)) / Math.Abs(Math.Log(x)), -1e-14, 1e-14);
        for (var x = 0.5; x < 2; x += 0.00091)
            Assert.InRange(VectorMath.Log(x) - Math.Log(x), -3e-16, 3e-16);
        Assert.Equal(0, VectorMath.Log(1));
        Assert.True(double.IsNaN(VectorMath.Log(double.NaN)));
    }

    [Fact]
    public void Log_OfEight_HasTheBitsOfEach()
    {
        double[] special = [1, 0.9, double.NaN, double.PositiveInfinity, 1.4142135623730951, 1.5, 10, 2e-308];
        for (var x = 1e-300; x < 1e300; x *= 1.37)
        {
            var numbers = Vector512.Create(special).WithElement(3, x).WithElement(7, x * 1.01);
            AssertEach(numbers);
        }

        AssertEach(Vector512.Create(special));

        static void AssertEach(Vector512<double> numbers)
        {
            var logs = VectorMath.Log(numbers);
            for (var i = 0; i < Vector512<double>.Count; i++)
            {
                var expected = BitConverter.DoubleToInt64Bits(VectorMath.Log(numbers[i]));
                Assert.Equal(expected, BitConverter.DoubleToInt64Bits(logs[i]));
            }
        }
    }

    [Fact]
    public void Sum_SixteenLanes_IsTheirSum() =>
        Assert.Equal(120, VectorMath.Sum(Vector512.ConvertToSingle(Vector512<int>.Indices)));

    private static float At(Func<Vector512<float>, Vector512<float>> function, float x)
    {
        var values = function(Vector512.Create(x));
        Assert.Equal(values[0], values[15]);
        return values[7];
    }
}
