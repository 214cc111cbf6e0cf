using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    public static partial nint ts_linear(nint input, nint weight, nint bias);

    [LibraryImport(Library)]
    public static partial nint ts_conv2d(
        nint input, nint weight, nint bias, long* stride, int strideCount, long* padding, int paddingCount,
        long* dilation, int dilationCount, long groups);

    [LibraryImport(Library)]
    public static partial nint ts_max_pool2d(
        nint input, long* kernel, int kernelCount, long* stride, int strideCount, long* padding, int paddingCount,
        long* dilation, int dilationCount, int ceilMode);

    [LibraryImport(Library)]
    public static partial nint ts_avg_pool2d(
        nint input, long* kernel, int kernelCount, long* stride, int strideCount, long* padding, int paddingCount,
        int ceilMode, int countIncludePad, long divisor);

    [LibraryImport(Library)]
    public static partial nint ts_adaptive_avg_pool2d(nint input, long* sizes, int count);

    [LibraryImport(Library)]
    public static partial nint ts_batch_norm(
        nint input, nint mean, nint variance, nint weight, nint bias, int training, double momentum, double eps);

    [LibraryImport(Library)]
    public static partial nint ts_pad(nint input, long* pad, int count, int mode, double value);

    [LibraryImport(Library)]
    public static partial nint ts_dropout(nint input, double p, int training, int inplace);

    [LibraryImport(Library)]
    public static partial nint ts_one_hot(nint self, long classes);

    [LibraryImport(Library)]
    public static partial nint ts_cross_entropy(
        nint input, nint target, nint weight, long reduction, long ignoreIndex, double labelSmoothing);

    [LibraryImport(Library)]
    public static partial nint ts_nll_loss(nint input, nint target, nint weight, long reduction);

    [LibraryImport(Library)]
    public static partial nint ts_binary_cross_entropy_with_logits(
        nint input, nint target, nint weight, nint posWeight, long reduction);

    [LibraryImport(Library)]
    public static partial nint ts_mse_loss(nint input, nint target, long reduction);
}
