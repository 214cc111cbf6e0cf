using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // The real package's elu_(double) does not change its tensor: it is left out here, so that nobody relies on either
    // behaviour.
    public partial class Tensor
    {
        public Tensor sigmoid() => Result(Native.ts_sigmoid(Handle), this);

        public Tensor sigmoid_() => InPlace(Native.ts_sigmoid_(Handle));

        public Tensor tanh() => Result(Native.ts_tanh(Handle), this);

        public Tensor tanh_() => InPlace(Native.ts_tanh_(Handle));

        public Tensor relu() => Result(Native.ts_relu(Handle), this);

        public Tensor relu_() => InPlace(Native.ts_relu_(Handle));

        /// <summary>x * Phi(x), with the exact normal distribution function.</summary>
        public Tensor gelu() => Result(Native.ts_gelu(Handle), this);

        public Tensor gelu_() => InPlace(Native.ts_gelu_(Handle));

        /// <summary>x where positive, else alpha * (exp(x) - 1).</summary>
        public Tensor elu(double alpha = 1) =>
            Result(Native.ts_elu(Handle, NativeScalar.Of(alpha), NativeScalar.One, NativeScalar.One), this);

        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) =>
            Result(Native.ts_elu(Handle, alpha.Value, scale.Value, input_scale.Value), this);

        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) =>
            InPlace(Native.ts_elu_(Handle, alpha.Value, scale.Value, input_scale.Value));

        public Tensor leaky_relu(Scalar negative_slope) =>
            Result(Native.ts_leaky_relu(Handle, negative_slope.Value), this);

        public Tensor leaky_relu_(Scalar negative_slope) =>
            InPlace(Native.ts_leaky_relu_(Handle, negative_slope.Value));

        /// <summary>x where above the threshold, else the value.</summary>
        public Tensor threshold(Scalar threshold, Scalar value) =>
            Result(Native.ts_threshold(Handle, threshold.Value, value.Value), this);

        public Tensor threshold_(Scalar threshold, Scalar value) =>
            InPlace(Native.ts_threshold_(Handle, threshold.Value, value.Value));

        public Tensor softmax(long dim, ScalarType? dtype = null) =>
            Result(Native.ts_softmax(Handle, dim, TypeOrNone(dtype)), this);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) =>
            Result(Native.ts_log_softmax(Handle, dim, TypeOrNone(dtype)), this);
    }
}
