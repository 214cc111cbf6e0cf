using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Optimizers;

/// <summary>
/// Adadelta (Zeiler 2012) in PyTorch's form: g += decay w; s = rho s + (1 - rho) g^2; d = sqrt(a + epsilon) / sqrt(s +
/// epsilon) g; a = rho a + (1 - rho) d^2; the step is rate d; rho 0.9, epsilon 1e-6.
/// </summary>
internal sealed class Adadelta(int length, float rate, float decay) : Optimizer(length, 2, rate)
{
    private const float Rho = 0.9f;
    private const float Epsilon = 1e-6f;

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
        var rates = Vector512.Create(-Rate);
        var decays = Vector512.Create(decay);
        var rhos = Vector512.Create(Rho);
        var rests = Vector512.Create(1 - Rho);
        var epsilons = Vector512.Create(Epsilon);
        float* w = weights.Pointer, g = gradients.Pointer, s = States[0].Pointer, a = States[1].Pointer;
        for (var i = first; i < end; i += FloatBuffer.Lane)
        {
            var weight = Vector512.Load(w + i);
            var gradient = Vector512.FusedMultiplyAdd(decays, weight, Vector512.Load(g + i));
            var square = TAverages.Next(rhos, Vector512.Load(s + i), rests * gradient * gradient);
            square.Store(s + i);
            var moved = Vector512.Load(a + i);
            var step = Vector512.Sqrt(TAverages.Beside(moved) + epsilons)
                / Vector512.Sqrt(TAverages.Beside(square) + epsilons) * gradient;
            TAverages.Next(rhos, moved, rests * step * step).Store(a + i);
            Vector512.FusedMultiplyAdd(rates, step, weight).Store(w + i);
        }
    }
}
