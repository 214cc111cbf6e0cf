using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Optimizers;

/// <summary>
/// Adam with Nesterov momentum (Dozat 2016) in PyTorch's form: g += decay w; mu_t = b1 (1 - 0.96^(0.004 t) / 2) and M_t
/// the product of all mu so far; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; the step is rate (mu_t+1 m / (1 - M_t
/// mu_t+1) + (1 - mu_t) g / (1 - M_t)) / (sqrt(v / (1 - b2^t)) + epsilon); b1 0.9, b2 0.999, epsilon 1e-8.
/// </summary>
internal sealed class Nadam(int length, float rate, float decay) : Optimizer(length, 2, rate)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const float Epsilon = 1e-8f;

    /// <summary>0.96^0.004.</summary>
    private const double MomentumDecay = 0.99983672535267528;

    private double _product = 1;
    private long _multiplied;

    /// <inheritdoc />
    protected override void BeginStep()
    {
        // After a resume the product is made again in the same order: no checkpoint need hold it.
        while (_multiplied < Steps)
            _product *= Momentum(++_multiplied);
    }

    /// <inheritdoc />
    protected override void Update(FloatBuffer weights, FloatBuffer gradients, int first, int end, bool isFading)
    {
        if (isFading)
            Update<Fading>(weights, gradients, first, end);
        else
            Update<Steady>(weights, gradients, first, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Update<TAverages>(FloatBuffer weights, FloatBuffer gradients, int first, int end)
        where TAverages : struct, IAverages
    {
        var (now, next) = (Momentum(Steps), Momentum(Steps + 1));
        var ofGradient = Vector512.Create((float)(-Rate * (1 - now) / (1 - _product)));
        var rate = (float)(-Rate * next / (1 - (_product * next)));
        var (ofMean, unmoved) = (Vector512.Create(rate), Fading.UnmovedBy(rate));
        var correction = Vector512.Create((float)(1 / Math.Sqrt(1 - Power(Beta2, Steps))));
        var epsilons = Vector512.Create(Epsilon);
        Vector512<float> beta1 = Vector512.Create((float)Beta1), rest1 = Vector512.Create((float)(1 - Beta1));
        Vector512<float> beta2 = Vector512.Create((float)Beta2), rest2 = Vector512.Create((float)(1 - Beta2));
        var decays = Vector512.Create(decay);
        float* w = weights.Pointer, g = gradients.Pointer, m = States[0].Pointer, v = States[1].Pointer;
        for (var i = first; i < end; i += FloatBuffer.Lane)
        {
            var weight = Vector512.Load(w + i);
            var gradient = Vector512.FusedMultiplyAdd(decays, weight, Vector512.Load(g + i));
            var mean = TAverages.Next(beta1, Vector512.Load(m + i), rest1 * gradient);
            var square = TAverages.Next(beta2, Vector512.Load(v + i), rest2 * gradient * gradient);
            mean.Store(m + i);
            square.Store(v + i);
            var size = Vector512.FusedMultiplyAdd(Vector512.Sqrt(TAverages.Beside(square)), correction, epsilons);
            // Beside a gradient the mean counts, however small it is.
            mean = Vector512.ConditionalSelect(
                Vector512.Equals(gradient, Vector512<float>.Zero), TAverages.Felt(mean, weight, unmoved), mean);
            var direction = Vector512.FusedMultiplyAdd(ofMean, mean, ofGradient * gradient);
            (weight + (direction / size)).Store(w + i);
        }
    }

    private static double Momentum(long step) => Beta1 * (1 - (0.5 * Power(MomentumDecay, step)));
}
