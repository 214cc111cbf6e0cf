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
    protected override void Update(FloatBuffer weights, FloatBuffer gradients)
    {
        if (momentum == 0)
            UpdatePlain(weights, gradients);
        else
            UpdateWithMomentum(weights, gradients);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void UpdatePlain(FloatBuffer weights, FloatBuffer gradients)
    {
        var rates = Vector512.Create(-Rate);
        var decays = Vector512.Create(decay);
        float* w = weights.Pointer, g = gradients.Pointer;
        for (var end = w + weights.Length; w < end; w += FloatBuffer.Lane, g += FloatBuffer.Lane)
        {
            var weight = Vector512.Load(w);
            var gradient = Vector512.FusedMultiplyAdd(decays, weight, Vector512.Load(g));
            Vector512.FusedMultiplyAdd(rates, gradient, weight).Store(w);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void UpdateWithMomentum(FloatBuffer weights, FloatBuffer gradients)
    {
        var rates = Vector512.Create(-Rate);
        var decays = Vector512.Create(decay);
        var momenta = Vector512.Create(momentum);
        float* w = weights.Pointer, g = gradients.Pointer, v = States[0].Pointer;
        for (var end = w + weights.Length; w < end; w += FloatBuffer.Lane, g += FloatBuffer.Lane, v += FloatBuffer.Lane)
        {
            var weight = Vector512.Load(w);
            var gradient = Vector512.FusedMultiplyAdd(decays, weight, Vector512.Load(g));
            var velocity = Vector512.FusedMultiplyAdd(momenta, Vector512.Load(v), gradient);
            velocity.Store(v);
            var direction = nesterov ? Vector512.FusedMultiplyAdd(momenta, velocity, gradient) : velocity;
            Vector512.FusedMultiplyAdd(rates, direction, weight).Store(w);
        }
    }
}
