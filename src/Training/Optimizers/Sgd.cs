using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Optimizers;

/// <summary>
/// Stochastic gradient descent in PyTorch's form: g += decay w; with momentum v = momentum v + g, and the step is
/// rate v, or rate (g + momentum v) with Nesterov (Sutskever et al. 2013); without momentum it is rate g.
/// </summary>
internal sealed class Sgd(int length, float rate, float momentum, bool nesterov, float decay)
    : Optimizer(length, momentum != 0 ? 1 : 0, rate)
{
    /// <inheritdoc />
    protected override unsafe void Update(
        FloatBuffer weights, FloatBuffer gradients, int first, int end, bool isFading)
    {
        if (momentum == 0)
            UpdatePlain(weights.Pointer, gradients.Pointer, first, end);
        else if (isFading)
            UpdateWithMomentum<Fading>(weights.Pointer, gradients.Pointer, States[0].Pointer, first, end);
        else
            UpdateWithMomentum<Steady>(weights.Pointer, gradients.Pointer, States[0].Pointer, first, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void UpdatePlain(float* w, float* g, int first, int end)
    {
        var rates = Vector512.Create(-Rate);
        var decays = Vector512.Create(decay);
        for (var i = first; i < end; i += FloatBuffer.Lane)
        {
            var weight = Vector512.Load(w + i);
            var gradient = Vector512.FusedMultiplyAdd(decays, weight, Vector512.Load(g + i));
            Vector512.FusedMultiplyAdd(rates, gradient, weight).Store(w + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void UpdateWithMomentum<TAverages>(float* w, float* g, float* v, int first, int end)
        where TAverages : struct, IAverages
    {
        var rates = Vector512.Create(-Rate);
        var decays = Vector512.Create(decay);
        var (momenta, unmoved) = (Vector512.Create(momentum), Fading.UnmovedBy(Rate));
        for (var i = first; i < end; i += FloatBuffer.Lane)
        {
            var weight = Vector512.Load(w + i);
            var gradient = Vector512.FusedMultiplyAdd(decays, weight, Vector512.Load(g + i));
            var velocity = TAverages.Next(momenta, Vector512.Load(v + i), gradient);
            velocity.Store(v + i);
            // Beside a gradient the velocity counts, however small it is.
            velocity = Vector512.ConditionalSelect(
                Vector512.Equals(gradient, Vector512<float>.Zero), TAverages.Felt(velocity, weight, unmoved), velocity);
            var direction = nesterov ? Vector512.FusedMultiplyAdd(momenta, velocity, gradient) : velocity;
            Vector512.FusedMultiplyAdd(rates, direction, weight).Store(w + i);
        }
    }
}
