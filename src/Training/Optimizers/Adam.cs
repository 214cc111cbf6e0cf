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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override unsafe void Update(FloatBuffer weights, FloatBuffer gradients, int first, int end)
    {
        var step = Vector512.Create((float)(-Rate / (1 - Power(Beta1, Steps))));
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
            var mean = Vector512.FusedMultiplyAdd(beta1, Vector512.Load(m + i), rest1 * gradient);
            var square = Vector512.FusedMultiplyAdd(beta2, Vector512.Load(v + i), rest2 * gradient * gradient);
            mean.Store(m + i);
            square.Store(v + i);
            var size = Vector512.FusedMultiplyAdd(Vector512.Sqrt(square), correction, epsilons);
            Vector512.FusedMultiplyAdd(step, mean / size, weight * shrink).Store(w + i);
        }
    }
}
