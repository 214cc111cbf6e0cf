using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    public static partial nint ts_view(nint self, long* sizes, int count);

    [LibraryImport(Library)]
    public static partial nint ts_reshape(nint self, long* sizes, int count);

    [LibraryImport(Library)]
    public static partial nint ts_expand(nint self, long* sizes, int count, int isImplicit);

    [LibraryImport(Library)]
    public static partial nint ts_permute(nint self, long* dims, int count);

    [LibraryImport(Library)]
    public static partial nint ts_flatten(nint self, long start, long end);

    [LibraryImport(Library)]
    public static partial nint ts_narrow(nint self, long dim, long start, long length);

    [LibraryImport(Library)]
    public static partial nint ts_slice(nint self, long dim, long start, long finish, long step);

    [LibraryImport(Library)]
    public static partial nint ts_select(nint self, long dim, long index);

    [LibraryImport(Library)]
    public static partial nint ts_squeeze(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_squeeze_dim(nint self, long dim);

    [LibraryImport(Library)]
    public static partial nint ts_unsqueeze(nint self, long dim);

    [LibraryImport(Library)]
    public static partial nint ts_t(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_transpose(nint self, long dim0, long dim1);

    [LibraryImport(Library)]
    public static partial nint ts_alias(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_cat(nint* handles, int count, long dim);

    [LibraryImport(Library)]
    public static partial nint ts_stack(nint* handles, int count, long dim);

    [LibraryImport(Library)]
    public static partial nint ts_where(nint condition, nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_masked_fill(nint self, nint mask, NativeScalar value);

    [LibraryImport(Library)]
    public static partial int ts_masked_fill_(nint self, nint mask, NativeScalar value);

    [LibraryImport(Library)]
    public static partial nint ts_gather(nint self, long dim, nint index);

    [LibraryImport(Library)]
    public static partial nint ts_index_select(nint self, long dim, nint index);

    [LibraryImport(Library)]
    public static partial int ts_scatter_(nint self, long dim, nint index, nint source);
}
