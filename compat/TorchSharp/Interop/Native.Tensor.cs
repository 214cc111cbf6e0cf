using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library), SuppressGCTransition]
    public static partial long ts_numel(nint self);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long ts_dim(nint self);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long* ts_sizes(nint self);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long* ts_strides(nint self);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int ts_dtype(nint self);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int ts_is_contiguous(nint self);

    [LibraryImport(Library)]
    public static partial void ts_release(nint self);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long ts_element_size(nint self);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long ts_storage_offset(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_data(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_clone(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_contiguous(nint self);

    [LibraryImport(Library)]
    public static partial nint ts_to_type(nint self, int type, int copy);

    [LibraryImport(Library)]
    public static partial int ts_copy_(nint self, nint source, int nonBlocking);

    [LibraryImport(Library)]
    public static partial int ts_fill_(nint self, NativeScalar value);

    [LibraryImport(Library)]
    public static partial int ts_item(nint self, NativeScalar* value);
}
