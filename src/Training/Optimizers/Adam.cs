using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015) in PyTorch's form: g += decay w; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; the step
/// is rate / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + epsilon); b1 0.9, b2 0.999, epsilon 1e-8. Decoupled (AdamW,
/// Loshchilov and Hutter 2019) the decay leaves the gradient alone and shrinks the weights by rate x decay before the
/// step.
/// </summary>
internal sealed class Adam(int length, float rate, float decay, bool decoupled) : Optimizer(length, 2, rate)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
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
        var correction = Vector512.Create((float)(1 / Math.Sqrt(1 - Power(Beta2, Steps))));
        var epsilons = Vector512.Create(Epsilon);
        Vector512<float> beta1 = Vector512.Create((float)Beta1), rest1 = Vector512.Create((float)(1 - Beta1));
        Vector512<float> beta2 = Vector512.Create((float)Beta2), rest2 = Vector512.Create((float)(1 - Beta2));
        var decays = Vector512.Create(decoupled ? 0 : decay);
        var shrink = Vector512.Create(decoupled ? 1 - (Rate * decay) : 1);
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
            weight *= shrink;
            Vector512.FusedMultiplyAdd(step, TAverages.Felt(mean, weight, unmoved) / size, weight).Store(w + i);
        }
    }
}
