using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Optimizers;

/// <summary>
/// RMSprop (Hinton, lecture 6e) in Keras's form: g += decay w; s = rho s + (1 - rho) g^2; the step is u = rate g /
/// sqrt(s + epsilon), or with momentum v = momentum v + u. rho 0.9, epsilon 1e-7.
/// </summary>
internal sealed class RmsProp(int length, float rate, float momentum, float decay)
    : Optimizer(length, momentum != 0 ? 2 : 1, rate)
{
    private const float Rho = 0.9f;
    private const float Epsilon = 1e-7f;

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
        var rates = Vector512.Create(Rate);
        var decays = Vector512.Create(decay);
        var momenta = Vector512.Create(momentum);
        var rhos = Vector512.Create(Rho);
        var rests = Vector512.Create(1 - Rho);
        var (epsilons, unmoved) = (Vector512.Create(Epsilon), Fading.UnmovedBy(1));
        float* w = weights.Pointer, g = gradients.Pointer, s = States[0].Pointer;
        var v = momentum != 0 ? States[1].Pointer : null;
        for (var i = first; i < end; i += FloatBuffer.Lane)
        {
            var weight = Vector512.Load(w + i);
            var gradient = Vector512.FusedMultiplyAdd(decays, weight, Vector512.Load(g + i));
            var square = TAverages.Next(rhos, Vector512.Load(s + i), rests * gradient * gradient);
            square.Store(s + i);
            var step = rates * gradient / Vector512.Sqrt(TAverages.Beside(square) + epsilons);
            if (v is not null)
            {
                step = TAverages.Next(momenta, Vector512.Load(v + i), step);
                step.Store(v + i);
                step = TAverages.Felt(step, weight, unmoved);
            }

            (weight - step).Store(w + i);
        }
    }
}
