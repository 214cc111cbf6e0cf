using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library), SuppressGCTransition]
    public static partial int ts_grad_enabled();

    [LibraryImport(Library), SuppressGCTransition]
    public static partial void ts_set_grad_enabled(int enabled);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int ts_inference_mode_enabled();

    [LibraryImport(Library)]
    public static partial nint ts_inference_mode(int enabled);

    [LibraryImport(Library)]
    public static partial void ts_inference_mode_end(nint guard);

    [LibraryImport(Library)]
    public static partial int ts_requires_grad(nint self);

    [LibraryImport(Library)]
    public static partial int ts_set_requires_grad(nint self, int requiresGrad);

    [LibraryImport(Library)]
    public static partial int ts_is_leaf(nint self);

    [LibraryImport(Library)]
    public static partial int ts_retain_grad(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_grad(nint self, int* failed);

    [LibraryImport(Library)]
    public static partial int ts_set_grad(nint self, nint grad);

    [LibraryImport(Library)]
    public static partial nint ts_detach(nint self);

    [LibraryImport(Library)]
    public static partial int ts_detach_(nint self);

    [LibraryImport(Library)]
    public static partial int ts_backward(
        nint* outputs, int outputCount, nint* grads, int gradCount, int retainGraph, int createGraph, nint* inputs,
        int inputCount);

    [LibraryImport(Library)]
    public static partial int ts_autograd_grad(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* grads, int gradCount, int retainGraph,
        int createGraph, int allowUnused, nint* results);
}
