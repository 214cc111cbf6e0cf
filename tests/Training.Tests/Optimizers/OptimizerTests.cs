using Sweeps.Core.Trainings;
using Sweeps.Training.Numerics;
using Sweeps.Training.Optimizers;

namespace Sweeps.Training.Tests.Optimizers;

/// <summary>
/// Three steps of every rule against the published formula, written out here in double precision, one weight at a time.
/// </summary>
public sealed class OptimizerTests
{
    private const double Rate = 0.05;

    private static readonly double[] s_weights = [0.5, -1.25, 2, 0.001];
    private static readonly double[][] s_gradients =
        [[0.1, -0.2, 0.3, 1e-4], [-0.4, 0.05, 0, 2e-4], [0.7, 0.7, -0.1, -3e-4]];

    private delegate double Rule(double weight, double gradient, int step, double[] memory);

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Sgd_Plain_FollowsTheRule(double decay) => Check(
        new()
        {
            Optimizer = OptimizerKind.Sgd,
            WeightDecay = decay,
            Architecture = "",
            LearningRate = Rate,
            BatchSize = 1,
            Epochs = 1
        },
        (w, g, _, _) => w - (Rate * (g + (decay * w))));

    /// <summary>
    /// torch.optim.SGD: b = momentum b + g (b = g at first); the step is rate b, with Nesterov rate (g + momentum b).
    /// </summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(true, 0.01)]
    public void Sgd_Momentum_FollowsTheRule(bool nesterov, double decay) => Check(
        new()
        {
            Optimizer = OptimizerKind.Sgd,
            Momentum = 0.9,
            Nesterov = nesterov,
            WeightDecay = decay,
            Architecture = "",
            LearningRate = Rate,
            BatchSize = 1,
            Epochs = 1,
        },
        (w, g, step, memory) =>
        {
            g += decay * w;
            memory[0] = step == 1 ? g : (0.9 * memory[0]) + g;
            return w - (Rate * (nesterov ? g + (0.9 * memory[0]) : memory[0]));
        });

    /// <summary>
    /// keras.optimizers.RMSprop: v = 0.9 v + 0.1 g^2; increment = rate g / sqrt(v + 1e-7); with momentum m = momentum m
    /// + increment.
    /// </summary>
    [Theory]
    [InlineData(null, 0)]
    [InlineData(0.5, 0.02)]
    public void RmsProp_AnyOption_FollowsTheRule(double? momentum, double decay) => Check(
        new()
        {
            Optimizer = OptimizerKind.RmsProp,
            Momentum = momentum,
            WeightDecay = decay,
            Architecture = "",
            LearningRate = Rate,
            BatchSize = 1,
            Epochs = 1
        },
        (w, g, _, memory) =>
        {
            g += decay * w;
            memory[0] = (0.9 * memory[0]) + (0.1 * g * g);
            memory[1] = ((momentum ?? 0) * memory[1]) + (Rate * g / Math.Sqrt(memory[0] + 1e-7));
            return w - memory[1];
        });

    /// <summary>torch.optim.Adagrad: s = s + g^2; the step is rate g / (sqrt(s) + 1e-10).</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    public void Adagrad_AnyOption_FollowsTheRule(double decay) => Check(
        new()
        {
            Optimizer = OptimizerKind.Adagrad,
            WeightDecay = decay,
            Architecture = "",
            LearningRate = Rate,
            BatchSize = 1,
            Epochs = 1
        },
        (w, g, _, memory) =>
        {
            g += decay * w;
            memory[0] += g * g;
            return w - (Rate * g / (Math.Sqrt(memory[0]) + 1e-10));
        });

    /// <summary>
    /// Algorithm 1 of Kingma and Ba (2015); AdamW: algorithm 2 of Loshchilov and Hutter (2019), decay 0.01 unless
    /// given.
    /// </summary>
    [Theory]
    [InlineData(OptimizerKind.Adam, null)]
    [InlineData(OptimizerKind.Adam, 0.02)]
    [InlineData(OptimizerKind.AdamW, null)]
    [InlineData(OptimizerKind.AdamW, 0.3)]
    public void Adam_AnyOption_FollowsTheRule(OptimizerKind kind, double? decay) => Check(
        new()
        {
            Optimizer = kind,
            WeightDecay = decay,
            Architecture = "",
            LearningRate = Rate,
            BatchSize = 1,
            Epochs = 1
        },
        (w, g, step, memory) =>
        {
            if (kind == OptimizerKind.AdamW)
                w -= Rate * (decay ?? 0.01) * w;
            else
                g += (decay ?? 0) * w;
            memory[0] = (0.9 * memory[0]) + (0.1 * g);
            memory[1] = (0.999 * memory[1]) + (0.001 * g * g);
            var mean = memory[0] / (1 - Math.Pow(0.9, step));
            var square = memory[1] / (1 - Math.Pow(0.999, step));
            return w - (Rate * mean / (Math.Sqrt(square) + 1e-8));
        });

    /// <summary>torch.optim.NAdam's page: mu_t = 0.9 (1 - 0.96^(0.004 t) / 2), and the product of all of them.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    public void Nadam_AnyDecay_FollowsTheRule(double decay) => Check(
        Plain(OptimizerKind.Nadam, decay),
        (w, g, step, memory) =>
        {
            double Mu(int t) => 0.9 * (1 - (0.5 * Math.Pow(0.96, 0.004 * t)));
            g += decay * w;
            memory[0] = (0.9 * memory[0]) + (0.1 * g);
            memory[1] = (0.999 * memory[1]) + (0.001 * g * g);
            var product = Enumerable.Range(1, step).Aggregate(1.0, (all, t) => all * Mu(t));
            var mean = (Mu(step + 1) * memory[0] / (1 - (product * Mu(step + 1))))
                + ((1 - Mu(step)) * g / (1 - product));
            return w - (Rate * mean / (Math.Sqrt(memory[1] / (1 - Math.Pow(0.999, step))) + 1e-8));
        });

    /// <summary>Algorithm 1 of Zeiler (2012) times a rate, rho 0.9, epsilon 1e-6, as torch.optim.Adadelta.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    public void Adadelta_AnyDecay_FollowsTheRule(double decay) => Check(
        Plain(OptimizerKind.Adadelta, decay),
        (w, g, _, memory) =>
        {
            g += decay * w;
            memory[0] = (0.9 * memory[0]) + (0.1 * g * g);
            var step = Math.Sqrt(memory[1] + 1e-6) / Math.Sqrt(memory[0] + 1e-6) * g;
            memory[1] = (0.9 * memory[1]) + (0.1 * step * step);
            return w - (Rate * step);
        });

    /// <summary>Algorithm 2 of Kingma and Ba (2015), with torch.optim.Adamax's epsilon of 1e-8.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    public void Adamax_AnyDecay_FollowsTheRule(double decay) => Check(
        Plain(OptimizerKind.Adamax, decay),
        (w, g, step, memory) =>
        {
            g += decay * w;
            memory[0] = (0.9 * memory[0]) + (0.1 * g);
            memory[1] = Math.Max(0.999 * memory[1], Math.Abs(g) + 1e-8);
            return w - (Rate / (1 - Math.Pow(0.9, step)) * memory[0] / memory[1]);
        });

    /// <summary>A factor on the rate is a step with another rate, whatever the rule.</summary>
    [Fact]
    public void Step_WithAFactor_IsAStepAtThatRate()
    {
        foreach (var kind in Enum.GetValues<OptimizerKind>())
        {
            var half = Stepped(Plain(kind, 0.02), 0.5);
            Assert.Equal(Stepped(Plain(kind, 0.02) with { LearningRate = Rate / 2 }, 1), half);
            Assert.NotEqual(Stepped(Plain(kind, 0.02), 1), half);
        }
    }

    private static float[] Stepped(Hyperparameters hyperparameters, double factor)
    {
        using var weights = new FloatBuffer(4);
        using var gradients = new FloatBuffer(4);
        using var optimizer = Optimizer.Create(hyperparameters, weights.Length);
        for (var i = 0; i < s_weights.Length; i++)
            (weights.Span[i], gradients.Span[i]) = ((float)s_weights[i], (float)s_gradients[0][i]);
        optimizer.Step(weights, gradients, factor);
        return weights.Span.ToArray();
    }

    private static Hyperparameters Plain(OptimizerKind kind, double decay) => new()
    {
        Optimizer = kind,
        WeightDecay = decay,
        Architecture = "",
        LearningRate = Rate,
        BatchSize = 1,
        Epochs = 1,
    };

    private static void Check(Hyperparameters hyperparameters, Rule rule)
    {
        using var weights = new FloatBuffer(20);
        using var gradients = new FloatBuffer(20);
        using var optimizer = Optimizer.Create(hyperparameters, weights.Length);
        var expected = (double[])s_weights.Clone();
        var memory = expected.Select(_ => new double[2]).ToArray();
        for (var i = 0; i < expected.Length; i++)
            weights.Span[i] = weights.Span[i + 16] = (float)expected[i];
        for (var step = 1; step <= s_gradients.Length; step++)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                gradients.Span[i] = gradients.Span[i + 16] = (float)s_gradients[step - 1][i];
                expected[i] = rule(expected[i], s_gradients[step - 1][i], step, memory[i]);
            }

            optimizer.Step(weights, gradients);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], weights.Span[i], 2e-6);
                Assert.Equal(weights.Span[i], weights.Span[i + 16]);
            }

            Assert.Equal(0, weights.Span[5]);
        }

        Assert.Equal(s_gradients.Length, optimizer.Steps);
    }
}
