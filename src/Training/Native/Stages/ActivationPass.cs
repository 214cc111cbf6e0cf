using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>Images of which each 2x2 pixels become one.</summary>
/// <param name="Height">Rows after.</param>
/// <param name="Width">Columns after.</param>
/// <param name="Channels">Values of a pixel.</param>
/// <param name="Floats">Its floats: whole vectors.</param>
internal readonly record struct PooledShape(int Height, int Width, int Channels, int Floats);

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

    /// <summary>
    /// value = f(x + bias) in place of x, and the mean of each 2x2 values, as two stages would give them. Padding that
    /// is zero stays zero.
    /// </summary>
    /// <param name="shape">The image.</param>
    /// <param name="x">Its pixels.</param>
    /// <param name="bias">One number a channel, padded.</param>
    /// <param name="means">Receives the pixels after.</param>
    public abstract unsafe void ForwardPooled(in PooledShape shape, float* x, float* bias, float* means);

    /// <summary>
    /// From the gradient of the means that of the arguments, in place of the values, and the sums of it over all pixels
    /// of all images. Only where the derivative does not read the arguments.
    /// </summary>
    /// <param name="shape">The images.</param>
    /// <param name="lane">The first of the sixteen channels that are wanted.</param>
    /// <param name="values">What the forward pass left; becomes the gradient.</param>
    /// <param name="gradient">With respect to the means.</param>
    /// <param name="biasGradient">Receives the sums of the sixteen channels.</param>
    public abstract unsafe void BackwardPooled(
        in PooledShape shape, int lane, in Matrix values, in Matrix gradient, float* biasGradient);

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
        private const int Half = FloatBuffer.Lane / 2;
        private const float Quarter = 0.25f;

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

        public override unsafe void ForwardPooled(in PooledShape shape, float* x, float* bias, float* means)
        {
            for (var lane = 0; lane < shape.Floats; lane += FloatBuffer.Lane)
            {
                var left = shape.Channels - lane;
                // Beyond eight channels, what is zero stays zero.
                if (left > Half)
                    ForwardWhole(shape, x + lane, bias + lane, means + lane, left);
                else if (ForwardHalf(shape, x + lane, bias + lane, means + lane, left, Half))
                    ForwardHalf(shape, x + lane + Half, bias + lane + Half, means + lane + Half, left - Half, -Half);
            }
        }

        public override unsafe void BackwardPooled(
            in PooledShape shape, int lane, in Matrix values, in Matrix gradient, float* biasGradient)
        {
            var from = values.From(lane);
            var after = gradient.From(lane);
            if (shape.Channels - lane > Half)
                BackwardWhole(shape, from, after, biasGradient);
            else if (BackwardHalf(shape, from, after, biasGradient, Half))
                BackwardHalf(shape, from.From(Half), after.From(Half), biasGradient + Half, -Half);
            else
                Vector256<float>.Zero.Store(biasGradient + Half);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private unsafe void ForwardWhole(in PooledShape shape, float* x, float* bias, float* means, int channels)
        {
            var (slopes, added) = (Vector512.Create(slope), Vector512.Load(bias));
            var isThere = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(channels)).AsSingle();
            nint next = shape.Floats, line = (nint)shape.Floats * 2 * shape.Width;
            for (var row = 0; row < shape.Height; row++, x += line)
            {
                for (var column = 0; column < shape.Width; column++, x += 2 * next, means += next)
                {
                    var sum = Vector512<float>.Zero;
                    for (var i = 0; i < 4; i++)
                    {
                        var pixel = x + ((i >> 1) * line) + ((i & 1) * next);
                        var value = Apply(Vector512.Load(pixel), added, slopes, isThere);
                        value.Store(pixel);
                        sum += value;
                    }

                    (sum * Vector512.Create(Quarter)).Store(means);
                }
            }
        }

        /// <summary>
        /// Eight channels of two pixels at a time; returns whether any of the <paramref name="other"/> eight is not 0.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private unsafe bool ForwardHalf(
            in PooledShape shape, float* x, float* bias, float* means, int channels, int other)
        {
            var slopes = Vector512.Create(slope);
            var added = Vector512.Create(Vector256.Load(bias), Vector256.Load(bias));
            var there = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(channels)).AsSingle();
            var isThere = Vector512.Create(there, there);
            nint next = shape.Floats, line = (nint)shape.Floats * 2 * shape.Width;
            var others = Vector256<float>.Zero;
            for (var row = 0; row < shape.Height; row++, x += line)
            {
                for (var column = 0; column < shape.Width; column++, x += 2 * next, means += next)
                {
                    var sum = Vector256<float>.Zero;
                    for (var i = 0; i < 2; i++)
                    {
                        var pixel = x + (i * line);
                        others |= Vector256.Load(pixel + other) | Vector256.Load(pixel + next + other);
                        var values = Apply(Two(pixel, next), added, slopes, isThere);
                        values.GetLower().Store(pixel);
                        values.GetUpper().Store(pixel + next);
                        sum += values.GetLower();
                        sum += values.GetUpper();
                    }

                    (sum * Vector256.Create(Quarter)).Store(means);
                    if (other > 0)
                        Vector256<float>.Zero.Store(means + other);
                }
            }

            return others != Vector256<float>.Zero;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private unsafe void BackwardWhole(in PooledShape shape, in Matrix values, in Matrix after, float* biasGradient)
        {
            var slopes = Vector512.Create(slope);
            var sum = Vector512<float>.Zero;
            for (var image = 0; image < values.Rows; image++)
            {
                var v = values.Pointer + ((long)image * values.RowStride);
                for (var row = 0; row < 2 * shape.Height; row++)
                {
                    var g = after.Pointer + ((long)image * after.RowStride)
                        + ((long)row / 2 * shape.Width * shape.Floats);
                    for (var column = 0; column < shape.Width; column++, g += shape.Floats)
                    {
                        var share = Vector512.Load(g) * Vector512.Create(Quarter);
                        for (var i = 0; i < 2; i++, v += shape.Floats)
                        {
                            var value = Vector512.Load(v);
                            var step = share * TRule.Derivative(value, value, slopes);
                            step.Store(v);
                            sum += step;
                        }
                    }
                }
            }

            sum.Store(biasGradient);
        }

        /// <summary>
        /// Eight channels of two pixels at a time; returns whether any of the <paramref name="other"/> eight is not 0.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private unsafe bool BackwardHalf(
            in PooledShape shape, in Matrix values, in Matrix after, float* biasGradient, int other)
        {
            var slopes = Vector512.Create(slope);
            Vector256<float> sum = Vector256<float>.Zero, others = Vector256<float>.Zero;
            nint next = shape.Floats;
            for (var image = 0; image < values.Rows; image++)
            {
                var v = values.Pointer + ((long)image * values.RowStride);
                for (var row = 0; row < 2 * shape.Height; row++)
                {
                    var g = after.Pointer + ((long)image * after.RowStride)
                        + ((long)row / 2 * shape.Width * shape.Floats);
                    for (var column = 0; column < shape.Width; column++, g += next, v += 2 * next)
                    {
                        others |= Vector256.Load(g + other);
                        var share = Vector256.Load(g) * Vector256.Create(Quarter);
                        var value = Two(v, next);
                        var step = Vector512.Create(share, share) * TRule.Derivative(value, value, slopes);
                        step.GetLower().Store(v);
                        step.GetUpper().Store(v + next);
                        sum += step.GetLower();
                        sum += step.GetUpper();
                    }
                }
            }

            sum.Store(biasGradient);
            return others != Vector256<float>.Zero;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe Vector512<float> Two(float* pixel, nint next) =>
            Vector512.Create(Vector256.Load(pixel), Vector256.Load(pixel + next));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<float> Apply(
            Vector512<float> x, Vector512<float> bias, Vector512<float> slopes, Vector512<float> isThere)
        {
            var value = TRule.Apply(x + bias, slopes);
            return TRule.KeepsZero ? value : value & isThere;
        }
    }
}
