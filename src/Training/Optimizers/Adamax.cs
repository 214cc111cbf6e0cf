using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Optimizers;

/// <summary>
/// Adamax (Kingma and Ba 2015, algorithm 2) in PyTorch's form: g += decay w; m = b1 m + (1 - b1) g; u = max(b2 u, |g| +
/// epsilon); the step is rate / (1 - b1^t) m / u; b1 0.9, b2 0.999, epsilon 1e-8.
/// </summary>
internal sealed class Adamax(int length, float rate, float decay) : Optimizer(length, 2, rate)
{
    private const double Beta1 = 0.9;
    private const float Beta2 = 0.999f;
    private const float Epsilon = 1e-8f;

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
        var rate = (float)(-Rate / (1 - Power(Beta1, Steps)));
        var (step, unmoved) = (Vector512.Create(rate), Fading.UnmovedBy(rate));
        Vector512<float> beta1 = Vector512.Create((float)Beta1), rest1 = Vector512.Create((float)(1 - Beta1));
        var beta2 = Vector512.Create(Beta2);
        var epsilons = Vector512.Create(Epsilon);
        var decays = Vector512.Create(decay);
        float* w = weights.Pointer, g = gradients.Pointer, m = States[0].Pointer, u = States[1].Pointer;
        for (var i = first; i < end; i += FloatBuffer.Lane)
        {
            var weight = Vector512.Load(w + i);
            var gradient = Vector512.FusedMultiplyAdd(decays, weight, Vector512.Load(g + i));
            var mean = TAverages.Next(beta1, Vector512.Load(m + i), rest1 * gradient);
            var faded = beta2 * Vector512.Load(u + i);
            var size = Vector512.Abs(gradient) + epsilons;
            // Written out, because the instructions for a maximum differ in what they make of NaN.
            size = Vector512.ConditionalSelect(Vector512.LessThan(size, faded), faded, size);
            mean.Store(m + i);
            size.Store(u + i);
            Vector512.FusedMultiplyAdd(step, TAverages.Felt(mean, weight, unmoved) / size, weight).Store(w + i);
        }
    }
}
