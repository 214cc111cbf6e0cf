using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>The stride is the window's size unless said.</summary>
            public static unsafe Tensor max_pool2d(
                Tensor input,
                long[] kernel_size,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                bool ceil_mode = false)
            {
                long[] steps = strides ?? kernel_size, pads = padding ?? Zero, spread = dilation ?? One;
                fixed (long* k = kernel_size, s = steps, p = pads, d = spread)
                {
                    return Result(
                        Native.ts_max_pool2d(
                            input.Handle, k, kernel_size.Length, s, steps.Length, p, pads.Length, d, spread.Length,
                            ceil_mode ? 1 : 0),
                        input);
                }
            }

            public static Tensor max_pool2d(
                Tensor input,
                long kernel_size,
                long? stride = null,
                long? padding = null,
                long? dilation = null,
                bool ceil_mode = false) =>
                max_pool2d(input, [kernel_size], Both(stride), Both(padding), Both(dilation), ceil_mode);

            public static Tensor max_pool2d(
                Tensor input,
                (long, long) kernel_size,
                (long, long)? stride = null,
                (long, long)? padding = null,
                (long, long)? dilation = null,
                bool ceil_mode = false) =>
                max_pool2d(
                    input, [kernel_size.Item1, kernel_size.Item2], Both(stride), Both(padding), Both(dilation),
                        ceil_mode);

            public static unsafe Tensor avg_pool2d(
                Tensor input,
                long[] kernel_size,
                long[]? stride = null,
                long[]? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null)
            {
                long[] steps = stride ?? kernel_size, pads = padding ?? Zero;
                fixed (long* k = kernel_size, s = steps, p = pads)
                {
                    return Result(
                        Native.ts_avg_pool2d(
                            input.Handle, k, kernel_size.Length, s, steps.Length, p, pads.Length, ceil_mode ? 1 : 0,
                            count_include_pad ? 1 : 0, divisor_override ?? 0),
                        input);
                }
            }

            public static Tensor avg_pool2d(
                Tensor input,
                long kernel_size,
                long? stride = null,
                long padding = 0,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null) =>
                avg_pool2d(
                    input, [kernel_size], Both(stride), [padding], ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(
                Tensor input,
                (long, long) kernel_size,
                (long, long)? stride = null,
                (long, long)? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null) =>
                avg_pool2d(
                    input, [kernel_size.Item1, kernel_size.Item2], Both(stride), Both(padding), ceil_mode,
                    count_include_pad, divisor_override);

            /// <summary>Means of as many windows as the output is to have.</summary>
            public static unsafe Tensor adaptive_avg_pool2d(Tensor input, long[] output_size)
            {
                fixed (long* sizes = output_size)
                    return Result(Native.ts_adaptive_avg_pool2d(input.Handle, sizes, output_size.Length), input);
            }

            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) =>
                adaptive_avg_pool2d(input, [output_size.Item1, output_size.Item2]);

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) =>
                adaptive_avg_pool2d(input, [output_size, output_size]);

            private static long[]? Both(long? value) => value is { } both ? [both] : null;

            private static long[]? Both((long, long)? value) => value is { } pair ? [pair.Item1, pair.Item2] : null;
        }
    }
}
