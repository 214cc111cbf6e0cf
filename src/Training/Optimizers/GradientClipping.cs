using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Optimizers;

/// <summary>
/// Keeps gradients small before the optimizer sees them: first each one (<c>clip_value</c>), then all of them together
/// by their Euclidean norm (<c>clip_norm</c>; Pascanu, Mikolov and Bengio 2013). Decay of the weights comes after it,
/// as in PyTorch. The sum of squares is taken in one order, so that equal gradients give equal bits on every processor.
/// </summary>
/// <param name="norm">The longest gradient; null: any.</param>
/// <param name="value">The largest of one weight; null: any.</param>
internal sealed class GradientClipping(double? norm, double? value) : IDisposable
{
    private FloatBuffer? _inForm;

    /// <summary>Clips; NaN stays NaN, so that the training is seen to diverge.</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="form">The form whose order the sum is taken in.</param>
    public void Clip(FloatBuffer gradients, KeptForm form)
    {
        if (value is { } most)
            ClipEach(gradients, (float)most);
        if (norm is not { } longest)
            return;
        if (form.IsOther)
            form.Copy(gradients.Span, (_inForm ??= new(form.Length)).Span);
        var length = Math.Sqrt(SumOfSquares(form.IsOther ? _inForm! : gradients));
        // Not '<=': a length that is NaN must reach the weights.
        if (!(length > longest) && !double.IsNaN(length))
            return;
        var factor = Vector512.Create((float)(longest / length));
        Scale(gradients, factor);
    }

    /// <inheritdoc />
    public void Dispose() => _inForm?.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void ClipEach(FloatBuffer gradients, float most)
    {
        Vector512<float> top = Vector512.Create(most), bottom = Vector512.Create(-most);
        var g = gradients.Pointer;
        for (var i = 0; i < gradients.Length; i += FloatBuffer.Lane)
        {
            var gradient = Vector512.Load(g + i);
            gradient = Vector512.ConditionalSelect(Vector512.GreaterThan(gradient, top), top, gradient);
            Vector512.ConditionalSelect(Vector512.LessThan(gradient, bottom), bottom, gradient).Store(g + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe double SumOfSquares(FloatBuffer gradients)
    {
        Vector512<double> low = Vector512<double>.Zero, high = Vector512<double>.Zero;
        var g = gradients.Pointer;
        for (var i = 0; i < gradients.Length; i += FloatBuffer.Lane)
        {
            var (first, second) = Vector512.Widen(Vector512.Load(g + i));
            low = Vector512.FusedMultiplyAdd(first, first, low);
            high = Vector512.FusedMultiplyAdd(second, second, high);
        }

        var both = low + high;
        var sum = 0.0;
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
            sum += both[lane];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Scale(FloatBuffer gradients, Vector512<float> factor)
    {
        var g = gradients.Pointer;
        for (var i = 0; i < gradients.Length; i += FloatBuffer.Lane)
            (Vector512.Load(g + i) * factor).Store(g + i);
    }
}
