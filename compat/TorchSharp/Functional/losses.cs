using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// Input: logits, batch x classes; target: classes as Int64, or probabilities of the input's shape.
            /// </summary>
            public static Tensor cross_entropy(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                long ignore_index = -100,
                Reduction reduction = Reduction.Mean,
                double label_smoothing = 0.0) =>
                Result(
                    Native.ts_cross_entropy(
                        input.Handle, target.Handle, weight?.Handle ?? 0, (long)reduction, ignore_index,
                            label_smoothing),
                    input, target, weight);

            /// <summary>Input: logarithms of probabilities, batch x classes; target: classes as Int64.</summary>
            public static Tensor nll_loss(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Result(
                    Native.ts_nll_loss(input.Handle, target.Handle, weight?.Handle ?? 0, (long)reduction),
                    input, target, weight);

            public static Tensor binary_cross_entropy_with_logits(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                Reduction reduction = Reduction.Mean,
                Tensor? pos_weights = null)
            {
                var loss = Native.ts_binary_cross_entropy_with_logits(
                    input.Handle, target.Handle, weight?.Handle ?? 0, pos_weights?.Handle ?? 0, (long)reduction);
                GC.KeepAlive(pos_weights);
                return Result(loss, input, target, weight);
            }

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Result(Native.ts_mse_loss(input.Handle, target.Handle, (long)reduction), input, target);

            /// <summary>Classes as Int64 to rows with a single one; -1 classes: as many as the largest needs.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1)
            {
                if (x.dtype != ScalarType.Int64)
                    throw new ArgumentException("OneHot input tensor must have elements of type Int64");
                return Result(Native.ts_one_hot(x.Handle, num_classes), x);
            }
        }
    }
}
