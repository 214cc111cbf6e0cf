using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Interop;

/// <summary>
/// Which kernels OpenBLAS uses. It knows processors by their numbers, and takes one that is newer than itself for the
/// oldest of its kind, several times slower; the processor's features say which kernels it has.
/// </summary>
internal static partial class BlasKernels
{
    /// <summary>Names them before the library is loaded, unless the user did (OPENBLAS_CORETYPE).</summary>
    public static void Choose()
    {
        if (Fitting is { } kernels)
            setenv("OPENBLAS_CORETYPE", kernels, overwrite: 0);
    }

    private static string? Fitting =>
        Avx512F.VL.IsSupported && Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported && Avx512CD.VL.IsSupported
            ? "SkylakeX"
            : Avx2.IsSupported && Fma.IsSupported ? "Haswell" : null;

    // The process's own environment: .NET keeps a copy that native libraries do not see.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
