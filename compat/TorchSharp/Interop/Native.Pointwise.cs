using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    public static partial nint ts_neg(nint self);

    [LibraryImport(Library)]
    public static partial int ts_neg_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_abs(nint self);

    [LibraryImport(Library)]
    public static partial int ts_abs_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_sqrt(nint self);

    [LibraryImport(Library)]
    public static partial int ts_sqrt_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_rsqrt(nint self);

    [LibraryImport(Library)]
    public static partial int ts_rsqrt_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_exp(nint self);

    [LibraryImport(Library)]
    public static partial int ts_exp_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_log(nint self);

    [LibraryImport(Library)]
    public static partial int ts_log_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_log1p(nint self);

    [LibraryImport(Library)]
    public static partial int ts_log1p_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_reciprocal(nint self);

    [LibraryImport(Library)]
    public static partial int ts_reciprocal_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_sigmoid(nint self);

    [LibraryImport(Library)]
    public static partial int ts_sigmoid_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_tanh(nint self);

    [LibraryImport(Library)]
    public static partial int ts_tanh_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_relu(nint self);

    [LibraryImport(Library)]
    public static partial int ts_relu_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_sign(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_floor(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_logical_not(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_isfinite(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_isnan(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_isinf(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_gelu(nint self);

    [LibraryImport(Library)]
    public static partial int ts_gelu_(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_elu(nint self, NativeScalar alpha, NativeScalar scale, NativeScalar inputScale);

    [LibraryImport(Library)]
    public static partial int ts_elu_(nint self, NativeScalar alpha, NativeScalar scale, NativeScalar inputScale);

    [LibraryImport(Library)]
    public static partial nint ts_leaky_relu(nint self, NativeScalar slope);

    [LibraryImport(Library)]
    public static partial int ts_leaky_relu_(nint self, NativeScalar slope);

    [LibraryImport(Library)]
    public static partial nint ts_threshold(nint self, NativeScalar threshold, NativeScalar value);

    [LibraryImport(Library)]
    public static partial int ts_threshold_(nint self, NativeScalar threshold, NativeScalar value);

    [LibraryImport(Library)]
    public static partial nint ts_clamp(nint self, NativeScalar* min, NativeScalar* max);

    [LibraryImport(Library)]
    public static partial int ts_clamp_(nint self, NativeScalar* min, NativeScalar* max);

    [LibraryImport(Library)]
    public static partial nint ts_clamp_tensor(nint self, nint min, nint max);

    [LibraryImport(Library)]
    public static partial int ts_clamp_tensor_(nint self, nint min, nint max);

    [LibraryImport(Library)]
    public static partial nint ts_eq(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_eq_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_ne(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_ne_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_gt(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_gt_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_ge(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_ge_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_lt(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_lt_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_le(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_le_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_maximum(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_minimum(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_bitwise_and(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_bitwise_or(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_bitwise_xor(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_bitwise_not(nint self);

    [LibraryImport(Library)]
    public static partial int ts_equal(nint self, nint other);

    [LibraryImport(Library)]
    public static partial int ts_allclose(nint self, nint other, double rtol, double atol, int equalNan);
}
