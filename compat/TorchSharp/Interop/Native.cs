using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Interop;

/// <summary>
/// The functions of the shim (native/*.cpp), grouped as its files are, and what a failed one leaves behind.
/// </summary>
internal static partial class Native
{
    private const string Library = "TorchSharpNative";

    // A resolver has to stand before the first call into the shim; there is no other hook that costs calls nothing.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void RegisterLoader() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Load);
#pragma warning restore CA2255

    // Asked once for each function of the shim; loaded and made ready once.
    private static readonly Lazy<nint> s_library = new(Load);

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == Library ? s_library.Value : 0;

    private static unsafe nint Load()
    {
        BlasKernels.Choose();
        nint library;
        try
        {
            library = NativeLibrary.Load(Library, typeof(Native).Assembly, DllImportSearchPath.AssemblyDirectory);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                "The shim over libtorch does not load. If a shared library is named below, install it: " +
                "sudo apt-get install -y libtorch1.13 libopenblas0-pthread (newer systems: libtorch2.6 or the like); " +
                "else build again. " + e.Message, e);
        }

        // Before any other call on any thread: one thread for BLAS and for libtorch's own loops.
        var initialize = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "ts_initialize");
        var error = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "ts_error");
        if (initialize() != 0)
            throw new DllNotFoundException("libtorch is not usable: " + Marshal.PtrToStringUTF8(error()));
        return library;
    }

    /// <summary>Passes a result on, or throws this thread's error where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Check(nint result)
    {
        if (result == 0) Throw();
        return result;
    }

    /// <summary>Throws this thread's error unless the status says that all went well.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int status)
    {
        if (status != 0) Throw();
    }

    /// <summary>A yes or no, or this thread's error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CheckFlag(int flag)
    {
        if (flag < 0) Throw();
        return flag != 0;
    }

    private static void Throw() =>
        throw new ExternalException(Marshal.PtrToStringUTF8(ts_error()) ?? "libtorch ran out of memory");

    [LibraryImport(Library)]
    private static partial nint ts_error();

    [LibraryImport(Library)]
    public static partial nint ts_version();

    [LibraryImport(Library)]
    public static partial int ts_get_num_threads();

    [LibraryImport(Library)]
    public static partial int ts_set_num_threads(int count);

    [LibraryImport(Library)]
    public static partial int ts_get_num_interop_threads();

    [LibraryImport(Library)]
    public static partial int ts_set_num_interop_threads(int count);
}
