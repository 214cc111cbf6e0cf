using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Operations with a trailing underscore change this tensor and return it.
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Result(Native.ts_add(Handle, target.Handle, NativeScalar.One), this,
        target);

        /// <summary>this + alpha * target.</summary>
        public Tensor add(Tensor target, Scalar alpha) =>
            Result(Native.ts_add(Handle, target.Handle, alpha.Value), this, target);

        public Tensor add(Scalar scalar) =>
            Result(Native.ts_add_scalar(Handle, scalar.Value, NativeScalar.One), this);

        public Tensor add(Scalar scalar, Scalar alpha) =>
            Result(Native.ts_add_scalar(Handle, scalar.Value, alpha.Value), this);

        public Tensor add_(Tensor target) => InPlace(Native.ts_add_(Handle, target.Handle, NativeScalar.One), target);

        public Tensor add_(Tensor target, Scalar alpha) =>
            InPlace(Native.ts_add_(Handle, target.Handle, alpha.Value), target);

        public Tensor add_(Scalar scalar) => InPlace(Native.ts_add_scalar_(Handle, scalar.Value, NativeScalar.One));

        public Tensor add_(Scalar scalar, Scalar alpha) =>
            InPlace(Native.ts_add_scalar_(Handle, scalar.Value, alpha.Value));

        public Tensor sub(Tensor target) => Result(Native.ts_sub(Handle, target.Handle), this, target);

        public Tensor sub(Scalar target) => Result(Native.ts_sub_scalar(Handle, target.Value), this);

        public Tensor sub_(Tensor target) => InPlace(Native.ts_sub_(Handle, target.Handle), target);

        public Tensor sub_(Scalar target) => InPlace(Native.ts_sub_scalar_(Handle, target.Value));

        public Tensor mul(Tensor target) => Result(Native.ts_mul(Handle, target.Handle), this, target);

        public Tensor mul(Scalar target) => Result(Native.ts_mul_scalar(Handle, target.Value), this);

        public Tensor mul_(Tensor target) => InPlace(Native.ts_mul_(Handle, target.Handle), target);

        public Tensor mul_(Scalar target) => InPlace(Native.ts_mul_scalar_(Handle, target.Value));

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Result(
            rounding_mode == RoundingMode.None
                ? Native.ts_div(Handle, target.Handle)
                : Native.ts_div_rounded(Handle, target.Handle, (int)rounding_mode),
            this, target);

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Result(
            rounding_mode == RoundingMode.None
                ? Native.ts_div_scalar(Handle, target.Value)
                : Native.ts_div_scalar_rounded(Handle, target.Value, (int)rounding_mode),
            this);

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => InPlace(
            rounding_mode == RoundingMode.None
                ? Native.ts_div_(Handle, target.Handle)
                : Native.ts_div_rounded_(Handle, target.Handle, (int)rounding_mode),
            target);

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => InPlace(
            rounding_mode == RoundingMode.None
                ? Native.ts_div_scalar_(Handle, target.Value)
                : Native.ts_div_scalar_rounded_(Handle, target.Value, (int)rounding_mode));

        public Tensor pow(Tensor exponent) => Result(Native.ts_pow(Handle, exponent.Handle), this, exponent);

        public Tensor pow(Scalar exponent) => Result(Native.ts_pow_scalar(Handle, exponent.Value), this);

        public Tensor pow_(Tensor exponent) => InPlace(Native.ts_pow_(Handle, exponent.Handle), exponent);

        public Tensor pow_(Scalar exponent) => InPlace(Native.ts_pow_scalar_(Handle, exponent.Value));

        public Tensor square() => Result(Native.ts_pow_scalar(Handle, NativeScalar.Of(2L)), this);

        /// <summary>The remainder of a division, with the divisor's sign.</summary>
        public Tensor remainder(Tensor target) => Result(Native.ts_remainder(Handle, target.Handle), this, target);

        public Tensor remainder(Scalar scalar) => Result(Native.ts_remainder_scalar(Handle, scalar.Value), this);

        /// <summary>this + value * tensor1 * tensor2.</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Result(Native.ts_addcmul(Handle, tensor1.Handle, tensor2.Handle, value.Value), this, tensor1, tensor2);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            InPlace(Native.ts_addcmul_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);

        /// <summary>this + value * tensor1 / tensor2.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Result(Native.ts_addcdiv(Handle, tensor1.Handle, tensor2.Handle, value.Value), this, tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) =>
            Result(Native.ts_addcdiv(Handle, tensor1.Handle, tensor2.Handle, NativeScalar.One), this, tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            InPlace(Native.ts_addcdiv_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) =>
            InPlace(Native.ts_addcdiv_(Handle, tensor1.Handle, tensor2.Handle, NativeScalar.One), tensor1, tensor2);

        /// <summary>this + weight * (end - this).</summary>
        public Tensor lerp(Tensor end, Tensor weight) =>
            Result(Native.ts_lerp(Handle, end.Handle, weight.Handle), this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) =>
            InPlace(Native.ts_lerp_(Handle, end.Handle, weight.Handle), end, weight);

        /// <summary>The product of two matrices.</summary>
        public Tensor mm(Tensor target) => Result(Native.ts_mm(Handle, target.Handle), this, target);

        /// <summary>The product of vectors, matrices or batches of them.</summary>
        public Tensor matmul(Tensor target) => Result(Native.ts_matmul(Handle, target.Handle), this, target);

        /// <summary>beta * this + alpha * (mat1 x mat2).</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Result(Native.ts_addmm(Handle, mat1.Handle, mat2.Handle, beta, alpha), this, mat1, mat2);

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            InPlace(Native.ts_addmm_(Handle, mat1.Handle, mat2.Handle, beta, alpha), mat1, mat2);
    }
}
