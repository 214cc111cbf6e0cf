using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor neg() => Result(Native.ts_neg(Handle), this);

        public Tensor neg_() => InPlace(Native.ts_neg_(Handle));

        public Tensor abs() => Result(Native.ts_abs(Handle), this);

        public Tensor abs_() => InPlace(Native.ts_abs_(Handle));

        public Tensor sqrt() => Result(Native.ts_sqrt(Handle), this);

        public Tensor sqrt_() => InPlace(Native.ts_sqrt_(Handle));

        public Tensor rsqrt() => Result(Native.ts_rsqrt(Handle), this);

        public Tensor rsqrt_() => InPlace(Native.ts_rsqrt_(Handle));

        public Tensor exp() => Result(Native.ts_exp(Handle), this);

        public Tensor exp_() => InPlace(Native.ts_exp_(Handle));

        public Tensor log() => Result(Native.ts_log(Handle), this);

        public Tensor log_() => InPlace(Native.ts_log_(Handle));

        public Tensor log1p() => Result(Native.ts_log1p(Handle), this);

        public Tensor log1p_() => InPlace(Native.ts_log1p_(Handle));

        public Tensor reciprocal() => Result(Native.ts_reciprocal(Handle), this);

        public Tensor reciprocal_() => InPlace(Native.ts_reciprocal_(Handle));

        public Tensor sign() => Result(Native.ts_sign(Handle), this);

        public Tensor floor() => Result(Native.ts_floor(Handle), this);

        public Tensor logical_not() => Result(Native.ts_logical_not(Handle), this);

        public Tensor isfinite() => Result(Native.ts_isfinite(Handle), this);

        public Tensor isnan() => Result(Native.ts_isnan(Handle), this);

        public Tensor isinf() => Result(Native.ts_isinf(Handle), this);

        /// <summary>The elements, held between two bounds; null is no bound.</summary>
        public unsafe Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            NativeScalar lower = min?.Value ?? default, upper = max?.Value ?? default;
            return Result(Native.ts_clamp(Handle, min is null ? null : &lower, max is null ? null : &upper), this);
        }

        public unsafe Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            NativeScalar lower = min?.Value ?? default, upper = max?.Value ?? default;
            return InPlace(Native.ts_clamp_(Handle, min is null ? null : &lower, max is null ? null : &upper));
        }

        public Tensor clamp(Tensor? min = null, Tensor? max = null) =>
            Result(Native.ts_clamp_tensor(Handle, min?.Handle ?? 0, max?.Handle ?? 0), this, min, max);

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) =>
            InPlace(Native.ts_clamp_tensor_(Handle, min?.Handle ?? 0, max?.Handle ?? 0), min, max);

        public Tensor clamp_min(Scalar min) => clamp(min, (Scalar?)null);

        public Tensor clamp_min_(Scalar min) => clamp_(min, (Scalar?)null);

        public Tensor clamp_max(Scalar max) => clamp((Scalar?)null, max);

        public Tensor clamp_max_(Scalar max) => clamp_((Scalar?)null, max);

        public Tensor eq(Tensor target) => Result(Native.ts_eq(Handle, target.Handle), this, target);

        public Tensor eq(Scalar target) => Result(Native.ts_eq_scalar(Handle, target.Value), this);

        /// <summary>As <see cref="eq(Tensor)"/>: element by element.</summary>
        public Tensor equal(Tensor target) => eq(target);

        public Tensor ne(Tensor target) => Result(Native.ts_ne(Handle, target.Handle), this, target);

        public Tensor ne(Scalar target) => Result(Native.ts_ne_scalar(Handle, target.Value), this);

        public Tensor gt(Tensor target) => Result(Native.ts_gt(Handle, target.Handle), this, target);

        public Tensor gt(Scalar target) => Result(Native.ts_gt_scalar(Handle, target.Value), this);

        public Tensor ge(Tensor target) => Result(Native.ts_ge(Handle, target.Handle), this, target);

        public Tensor ge(Scalar target) => Result(Native.ts_ge_scalar(Handle, target.Value), this);

        public Tensor lt(Tensor target) => Result(Native.ts_lt(Handle, target.Handle), this, target);

        public Tensor lt(Scalar target) => Result(Native.ts_lt_scalar(Handle, target.Value), this);

        public Tensor le(Tensor target) => Result(Native.ts_le(Handle, target.Handle), this, target);

        public Tensor le(Scalar target) => Result(Native.ts_le_scalar(Handle, target.Value), this);

        public Tensor maximum(Tensor other) => Result(Native.ts_maximum(Handle, other.Handle), this, other);

        public Tensor minimum(Tensor other) => Result(Native.ts_minimum(Handle, other.Handle), this, other);

        /// <summary>Whether |this - target| &lt;= atol + rtol * |target| everywhere.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            if (target is null) return false;
            var close = Native.ts_allclose(Handle, target.Handle, rtol, atol, equal_nan ? 1 : 0);
            GC.KeepAlive(this);
            GC.KeepAlive(target);
            return Native.CheckFlag(close);
        }
    }
}
