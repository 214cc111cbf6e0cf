using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Optimizers;

/// <summary>
/// Adagrad (Duchi, Hazan and Singer 2011) in PyTorch's form: g += decay w; s = s + g^2 from 0; the step is
/// rate g / (sqrt(s) + epsilon), epsilon 1e-10.
/// </summary>
internal sealed class Adagrad(int length, float rate, float decay) : Optimizer(length, 1, rate)
{
    private const float Epsilon = 1e-10f;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override unsafe void Update(
        FloatBuffer weights, FloatBuffer gradients, int first, int end, bool isFading)
    {
        var rates = Vector512.Create(Rate);
        var decays = Vector512.Create(decay);
        var epsilons = Vector512.Create(Epsilon);
        float* w = weights.Pointer, g = gradients.Pointer, s = States[0].Pointer;
        for (var i = first; i < end; i += FloatBuffer.Lane)
        {
            var weight = Vector512.Load(w + i);
            var gradient = Vector512.FusedMultiplyAdd(decays, weight, Vector512.Load(g + i));
            var square = Vector512.FusedMultiplyAdd(gradient, gradient, Vector512.Load(s + i));
            square.Store(s + i);
            (weight - (rates * gradient / (Vector512.Sqrt(square) + epsilons))).Store(w + i);
        }
    }
}
