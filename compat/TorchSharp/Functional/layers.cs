using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>input x weights^T + bias; the weights are outputs x inputs.</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Result(Native.ts_linear(input.Handle, weights.Handle, bias?.Handle ?? 0), input, weights, bias);

            /// <summary>
            /// Input: batch x channels x rows x columns; weight: filters x channels / groups x rows x columns.
            /// </summary>
            public static unsafe Tensor conv2d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                long groups = 1)
            {
                ReadOnlySpan<long> steps = strides ?? One, pads = padding ?? Zero, spread = dilation ?? One;
                fixed (long* s = steps, p = pads, d = spread)
                {
                    return Result(
                        Native.ts_conv2d(
                            input.Handle, weight.Handle, bias?.Handle ?? 0, s, steps.Length, p, pads.Length, d,
                            spread.Length, groups),
                        input, weight, bias);
                }
            }

            /// <summary>
            /// Normalises over all but the channels; training uses the batch's statistics and updates the running ones.
            /// </summary>
            public static Tensor batch_norm(
                Tensor input,
                Tensor? running_mean,
                Tensor? running_var,
                Tensor? weight = null,
                Tensor? bias = null,
                bool training = false,
                double momentum = 0.1,
                double eps = 1e-5)
            {
                var result = Native.ts_batch_norm(
                    input.Handle, running_mean?.Handle ?? 0, running_var?.Handle ?? 0, weight?.Handle ?? 0,
                    bias?.Handle ?? 0, training ? 1 : 0, momentum, eps);
                GC.KeepAlive(running_mean);
                GC.KeepAlive(running_var);
                return Result(result, input, weight, bias);
            }

            /// <summary>
            /// Zeros elements with probability p and scales the others by 1 / (1 - p), from the process's generator.
            /// </summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                Result(Native.ts_dropout(input.Handle, p, training ? 1 : 0, inplace ? 1 : 0), input);

            /// <summary>Pairs of cells to add before and after, last dimension first.</summary>
            public static unsafe Tensor pad(
                Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                var fill = mode == PaddingModes.Zeros ? 0 : value;
                var number = mode is PaddingModes.Zeros or PaddingModes.Constant ? 0 : (int)mode;
                fixed (long* cells = pad)
                    return Result(Native.ts_pad(input.Handle, cells, pad.Length, number, fill), input);
            }

            public static Tensor pad(
                Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)pad, mode, value);

            public static Tensor pad(
                Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)[pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(
                Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant,
                double value = 0) =>
                functional.pad(
                    input, (ReadOnlySpan<long>)[pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            public static Tensor pad(
                Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)[pad, pad], mode, value);

            private static readonly long[] One = [1];
            private static readonly long[] Zero = [0];
        }
    }
}
