using System.Runtime.CompilerServices;

namespace TorchSharp.Interop;

/// <summary>A number as the shim takes it: the bits of a double, or an integer.</summary>
internal readonly struct NativeScalar
{
    public const int Floating = 0;
    public const int Integer = 1;
    public const int Boolean = 2;

    public readonly long Bits;
    public readonly int Kind;

    private NativeScalar(long bits, int kind)
    {
        Bits = bits;
        Kind = kind;
    }

    public static NativeScalar One => new(1, Integer);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativeScalar Of(double value) => new(BitConverter.DoubleToInt64Bits(value), Floating);

    public static NativeScalar Of(long value) => new(value, Integer);

    public static NativeScalar Of(bool value) => new(value ? 1 : 0, Boolean);

    /// <summary>The number as a double, whatever its kind.</summary>
    public double AsDouble() => Kind == Floating ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    /// <summary>The number as an integer; a fraction is cut off.</summary>
    public long AsInteger() => Kind == Floating ? (long)BitConverter.Int64BitsToDouble(Bits) : Bits;
}
