using System.Runtime.Intrinsics;
using Sweeps.Core.Trainings;
using Sweeps.Training.Numerics;
using Sweeps.Training.Optimizers;

namespace Sweeps.Training.Tests.Optimizers;

/// <summary>What goes the way of subnormal numbers has every bit of what is computed as it is written.</summary>
public sealed class AveragesTests
{
    private const int Length = 64 * FloatBuffer.Lane;

    // Subnormal, the edges of what is far enough from that, and all that is special.
    private static readonly float[] s_numbers =
    [
        0, -0f, float.Epsilon, -5 * float.Epsilon, 1e-40f, -3e-39f, 1.17549421e-38f, 1.17549435e-38f, -1e-37f, 1e-33f,
        7.888608e-31f, 7.888609e-31f, -1e-30f, 8e-28f, 8.1e-28f, 1e-25f, 5.4e-20f, 5.5e-20f, -1e-12f, 1e-8f, 0.01f,
        -0.3f, 1, 50, float.MaxValue, float.PositiveInfinity, float.NaN,
    ];

    [Theory]
    [InlineData(0.9f)]
    [InlineData(0.999f)]
    [InlineData(0.5f)]
    [InlineData(1e-9f)]
    [InlineData(0.98765f)]
    public void Next_OfAnySubnormalNumber_IsItsShareRounded(float keep)
    {
        for (var bits = 1; bits < 1 << 23; bits += 251)
        {
            var average = BitConverter.Int32BitsToSingle(bits % 2 == 0 ? bits : bits | int.MinValue);
            AssertNext(keep, average, 0);
        }
    }

    [Fact]
    public void Next_OfAnyNumbers_IsTheFusedMultiplyAdd()
    {
        foreach (var average in s_numbers)
        {
            foreach (var added in s_numbers)
            {
                AssertNext(0.9f, average, added);
                AssertNext(0.999f, -average, -added);
            }
        }
    }

    [Fact]
    public void IsIn_OneSubnormalNumber_IsFound()
    {
        using var averages = new FloatBuffer(4 * FloatBuffer.Lane);
        averages.Span.Fill(1e-30f);
        averages.Span[20] = 0;
        Assert.False(Fading.IsIn(averages, 0, averages.Length));
        averages.Span[17] = -1e-41f;
        Assert.True(Fading.IsIn(averages, 0, averages.Length));
        Assert.False(Fading.IsIn(averages, 2 * FloatBuffer.Lane, averages.Length));
    }

    /// <summary>
    /// One rule looked before its averages were subnormal and computes as written; the other looks now.
    /// </summary>
    [Theory]
    [InlineData(OptimizerKind.Sgd, 0.9, false)]
    [InlineData(OptimizerKind.Sgd, 0.9, true)]
    [InlineData(OptimizerKind.RmsProp, 0.0, false)]
    [InlineData(OptimizerKind.RmsProp, 0.5, false)]
    [InlineData(OptimizerKind.Adagrad, 0.0, false)]
    [InlineData(OptimizerKind.Adam, 0.0, false)]
    [InlineData(OptimizerKind.AdamW, 0.0, false)]
    [InlineData(OptimizerKind.Nadam, 0.0, false)]
    [InlineData(OptimizerKind.Adadelta, 0.0, false)]
    [InlineData(OptimizerKind.Adamax, 0.0, false)]
    public void Step_AveragesFaded_HasTheBitsOfTheRule(OptimizerKind kind, double momentum, bool nesterov)
    {
        var point = new Hyperparameters
        {
            Architecture = "",
            LearningRate = 0.05,
            BatchSize = 1,
            Epochs = 1,
            Optimizer = kind,
            Momentum = momentum > 0 ? momentum : null,
            Nesterov = nesterov,
        };
        using var written = Optimizer.Create(point, Length);
        using var faded = Optimizer.Create(point, Length);
        using var weights = new FloatBuffer(Length);
        using var others = new FloatBuffer(Length);
        using var gradients = new FloatBuffer(Length);
        written.Step(weights, gradients);
        faded.Steps = 1;
        var random = new Random(3);
        Fill(weights, random, -1);
        weights.Span.CopyTo(others.Span);
        foreach (var (mine, its) in written.States.Zip(faded.States))
        {
            // A mean of squares is never negative; of the rules that have two averages the first may be.
            Fill(mine, random, kind is OptimizerKind.Sgd || (mine == written.States[0] && IsOfMeans(kind)) ? -1 : 1);
            mine.Span.CopyTo(its.Span);
        }

        for (var step = 0; step < 3; step++)
        {
            Fill(gradients, random, -1);
            written.Step(weights, gradients);
            faded.Step(others, gradients);
            AssertSame(weights, others);
            foreach (var (mine, its) in written.States.Zip(faded.States))
                AssertSame(mine, its);
        }
    }

    private static bool IsOfMeans(OptimizerKind kind) =>
        kind is OptimizerKind.Adam or OptimizerKind.AdamW or OptimizerKind.Nadam or OptimizerKind.Adamax;

    private static void Fill(FloatBuffer buffer, Random random, int least)
    {
        foreach (ref var number in buffer.Span)
        {
            number = s_numbers[random.Next(s_numbers.Length - 3)] * random.NextSingle();
            number = least < 0 && random.Next(2) == 0 ? -number : least < 0 ? number : MathF.Abs(number);
        }
    }

    private static void AssertSame(FloatBuffer one, FloatBuffer other)
    {
        for (var i = 0; i < Length; i++)
        {
            Assert.Equal(
                BitConverter.SingleToInt32Bits(one.Span[i]), BitConverter.SingleToInt32Bits(other.Span[i]));
        }
    }

    private static void AssertNext(float keep, float average, float added)
    {
        var expected = MathF.FusedMultiplyAdd(keep, average, added);
        var next = Fading.Next(Vector512.Create(keep), Vector512.Create(average), Vector512.Create(added))[5];
        Assert.True(
            BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(next)
                || (float.IsNaN(expected) && float.IsNaN(next)),
            $"{keep} x {average} + {added} is {expected}, not {next}");
    }
}
