using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    public static partial nint ts_all(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_any(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_max(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_min(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_argmax(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_argmin(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_all_dim(nint self, long dim, int keepdim);

    [LibraryImport(Library)]
    public static partial nint ts_any_dim(nint self, long dim, int keepdim);

    [LibraryImport(Library)]
    public static partial nint ts_argmax_dim(nint self, long dim, int keepdim);

    [LibraryImport(Library)]
    public static partial nint ts_argmin_dim(nint self, long dim, int keepdim);

    [LibraryImport(Library)]
    public static partial int ts_max_dim(nint self, long dim, int keepdim, nint* values, nint* indexes);

    [LibraryImport(Library)]
    public static partial int ts_min_dim(nint self, long dim, int keepdim, nint* values, nint* indexes);

    [LibraryImport(Library)]
    public static partial nint ts_sum(nint self, int type);

    [LibraryImport(Library)]
    public static partial nint ts_sum_dims(nint self, long* dims, int count, int keepdim, int type);

    [LibraryImport(Library)]
    public static partial nint ts_mean(nint self, int type);

    [LibraryImport(Library)]
    public static partial nint ts_mean_dims(nint self, long* dims, int count, int keepdim, int type);

    [LibraryImport(Library)]
    public static partial nint ts_var(nint self, int unbiased);

    [LibraryImport(Library)]
    public static partial nint ts_var_dims(nint self, long* dims, int count, int unbiased, int keepdim);

    [LibraryImport(Library)]
    public static partial nint ts_std(nint self, int unbiased);

    [LibraryImport(Library)]
    public static partial nint ts_std_dims(nint self, long* dims, int count, int unbiased, int keepdim);

    [LibraryImport(Library)]
    public static partial nint ts_norm(nint self, float p);

    [LibraryImport(Library)]
    public static partial nint ts_norm_dim(nint self, long dim, int keepdim, float p);

    [LibraryImport(Library)]
    public static partial nint ts_softmax(nint self, long dim, int type);

    [LibraryImport(Library)]
    public static partial nint ts_log_softmax(nint self, long dim, int type);
}
