using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    public static partial nint ts_empty(long* sizes, int count, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_zeros(long* sizes, int count, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_ones(long* sizes, int count, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_rand(long* sizes, int count, nint generator, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_randn(long* sizes, int count, nint generator, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_empty_like(nint self, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_zeros_like(nint self, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_ones_like(nint self, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_rand_like(nint self, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_randn_like(nint self, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_full(long* sizes, int count, NativeScalar value, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_full_like(nint self, NativeScalar value, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_arange(
        NativeScalar start, NativeScalar stop, NativeScalar step, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_eye(long rows, long columns, int type, int requiresGrad);

    [LibraryImport(Library)]
    public static partial nint ts_from_memory(
        nint data, long* sizes, int count, int type, int requiresGrad, delegate* unmanaged<nint, void> release,
        nint context, int* taken);

    [LibraryImport(Library)]
    public static partial nint ts_generator(long seed);

    [LibraryImport(Library)]
    public static partial nint ts_default_generator();

    [LibraryImport(Library)]
    public static partial void ts_generator_release(nint generator);

    [LibraryImport(Library)]
    public static partial long ts_generator_seed(nint generator);

    [LibraryImport(Library)]
    public static partial int ts_generator_set_seed(nint generator, long seed);
}
