using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// The passes over a layer's values that everything elementwise is folded into; one type of pass an activation.
/// </summary>
internal abstract class ActivationPass
{
    /// <summary>value = f(x + bias), row by row; x may be value. Padding that is zero stays zero.</summary>
    /// <param name="x">The arguments; receives x + bias.</param>
    /// <param name="bias">One number a column, padded; null: none.</param>
    /// <param name="value">Receives the function's values.</param>
    public abstract unsafe void Forward(in Matrix x, float* bias, in Matrix value);

    /// <summary>
    /// gradient = gradient f'(x), and the sums of its columns: the gradient of the bias. Padding that is zero stays
    /// zero.
    /// </summary>
    /// <param name="value">The function's values.</param>
    /// <param name="x">Its arguments, where <see cref="NeedsArgument"/>; otherwise anything of that shape.</param>
    /// <param name="gradient">With respect to the values; becomes that with respect to the arguments.</param>
    /// <param name="biasGradient">Receives the sums, padded; null: not wanted.</param>
    public abstract unsafe void Backward(in Matrix value, in Matrix x, in Matrix gradient, float* biasGradient);

    /// <summary>Whether the derivative reads the arguments, so that the values must not overwrite them.</summary>
    public bool NeedsArgument { get; private init; }

    /// <summary>The pass for a function; not for softmax.</summary>
    public static ActivationPass Create(Core.Networks.Activation activation)
    {
        var slope = (float)activation.Slope;
        return activation.Kind switch
        {
            Core.Networks.ActivationKind.Linear => new Pass<ActivationRules.Linear>(slope),
            Core.Networks.ActivationKind.Relu => new Pass<ActivationRules.Relu>(slope),
            Core.Networks.ActivationKind.LeakyRelu => new Pass<ActivationRules.LeakyRelu>(slope),
            Core.Networks.ActivationKind.Elu => new Pass<ActivationRules.Elu>(slope),
            Core.Networks.ActivationKind.Gelu => new Pass<ActivationRules.Gelu>(slope) { NeedsArgument = true },
            Core.Networks.ActivationKind.Sigmoid => new Pass<ActivationRules.Sigmoid>(slope),
            Core.Networks.ActivationKind.Tanh => new Pass<ActivationRules.Tanh>(slope),
            var kind => throw new ArgumentOutOfRangeException(nameof(activation), kind, "Not an elementwise function."),
        };
    }

    private sealed class Pass<TRule>(float slope) : ActivationPass
        where TRule : struct, IActivationRule
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override unsafe void Forward(in Matrix x, float* bias, in Matrix value)
        {
            var slopes = Vector512.Create(slope);
            var width = FloatBuffer.RoundUp(x.Columns);
            float* from = x.Pointer, to = value.Pointer;
            var keep = from != to;
            for (var row = 0; row < x.Rows; row++, from += x.RowStride, to += value.RowStride)
            {
                for (var column = 0; column < width; column += FloatBuffer.Lane)
                {
                    var argument = Vector512.Load(from + column);
                    if (bias is not null)
                        argument += Vector512.Load(bias + column);
                    if (keep)
                        argument.Store(from + column);
                    TRule.Apply(argument, slopes).Store(to + column);
                }

                // What is not there must not take part in what follows.
                if (!TRule.KeepsZero)
                    new Span<float>(to + x.Columns, width - x.Columns).Clear();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override unsafe void Backward(in Matrix value, in Matrix x, in Matrix gradient, float* biasGradient)
        {
            var slopes = Vector512.Create(slope);
            var width = FloatBuffer.RoundUp(value.Columns);
            for (var column = 0; column < width; column += FloatBuffer.Lane)
            {
                var sum = Vector512<float>.Zero;
                float* v = value.Pointer + column, a = x.Pointer + column, g = gradient.Pointer + column;
                for (var row = 0; row < value.Rows; row++)
                {
                    var step = Vector512.Load(g) * TRule.Derivative(Vector512.Load(v), Vector512.Load(a), slopes);
                    step.Store(g);
                    sum += step;
                    v += value.RowStride;
                    a += x.RowStride;
                    g += gradient.RowStride;
                }

                if (biasGradient is not null)
                    sum.Store(biasGradient + column);
            }
        }
    }
}
