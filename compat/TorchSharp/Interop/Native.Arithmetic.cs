using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    public static partial nint ts_add(nint self, nint other, NativeScalar alpha);

    [LibraryImport(Library)]
    public static partial nint ts_add_scalar(nint self, NativeScalar other, NativeScalar alpha);

    [LibraryImport(Library)]
    public static partial int ts_add_(nint self, nint other, NativeScalar alpha);

    [LibraryImport(Library)]
    public static partial int ts_add_scalar_(nint self, NativeScalar other, NativeScalar alpha);

    [LibraryImport(Library)]
    public static partial nint ts_sub(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_sub_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial int ts_sub_(nint self, nint other);

    [LibraryImport(Library)]
    public static partial int ts_sub_scalar_(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_mul(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_mul_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial int ts_mul_(nint self, nint other);

    [LibraryImport(Library)]
    public static partial int ts_mul_scalar_(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_div(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_div_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial int ts_div_(nint self, nint other);

    [LibraryImport(Library)]
    public static partial int ts_div_scalar_(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_pow(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_pow_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial int ts_pow_(nint self, nint other);

    [LibraryImport(Library)]
    public static partial int ts_pow_scalar_(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_remainder(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_remainder_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial int ts_remainder_(nint self, nint other);

    [LibraryImport(Library)]
    public static partial int ts_remainder_scalar_(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_rsub_scalar(nint self, NativeScalar other);

    [LibraryImport(Library)]
    public static partial nint ts_div_rounded(nint self, nint other, int mode);

    [LibraryImport(Library)]
    public static partial nint ts_div_scalar_rounded(nint self, NativeScalar other, int mode);

    [LibraryImport(Library)]
    public static partial int ts_div_rounded_(nint self, nint other, int mode);

    [LibraryImport(Library)]
    public static partial int ts_div_scalar_rounded_(nint self, NativeScalar other, int mode);

    [LibraryImport(Library)]
    public static partial nint ts_addcmul(nint self, nint first, nint second, NativeScalar value);

    [LibraryImport(Library)]
    public static partial int ts_addcmul_(nint self, nint first, nint second, NativeScalar value);

    [LibraryImport(Library)]
    public static partial nint ts_addcdiv(nint self, nint first, nint second, NativeScalar value);

    [LibraryImport(Library)]
    public static partial int ts_addcdiv_(nint self, nint first, nint second, NativeScalar value);

    [LibraryImport(Library)]
    public static partial nint ts_lerp(nint self, nint end, nint weight);

    [LibraryImport(Library)]
    public static partial int ts_lerp_(nint self, nint end, nint weight);

    [LibraryImport(Library)]
    public static partial nint ts_mm(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_matmul(nint self, nint other);

    [LibraryImport(Library)]
    public static partial nint ts_addmm(nint self, nint first, nint second, float beta, float alpha);

    [LibraryImport(Library)]
    public static partial int ts_addmm_(nint self, nint first, nint second, float beta, float alpha);
}
