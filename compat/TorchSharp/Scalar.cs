using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number of any type, as an argument of an operation.</summary>
public sealed class Scalar : IDisposable
{
    private readonly NativeScalar _value;
    private bool _disposed;

    internal Scalar(NativeScalar value) => _value = value;

    internal NativeScalar Value =>
        _disposed ? throw new InvalidOperationException("Scalar invalid -- empty handle.") : _value;

    /// <summary>Float64, Int64 or Bool: what libtorch keeps a number as.</summary>
    public ScalarType Type => Value.Kind switch
    {
        NativeScalar.Floating => ScalarType.Float64,
        NativeScalar.Boolean => ScalarType.Bool,
        _ => ScalarType.Int64,
    };

    /// <summary>
    /// Makes the number unusable, as disposing the real one does; nothing is held that had to be freed.
    /// </summary>
    public void Dispose() => _disposed = true;

    public static implicit operator Scalar(byte value) => new(NativeScalar.Of((long)value));

    public static implicit operator Scalar(sbyte value) => new(NativeScalar.Of((long)value));

    public static implicit operator Scalar(short value) => new(NativeScalar.Of((long)value));

    public static implicit operator Scalar(int value) => new(NativeScalar.Of((long)value));

    public static implicit operator Scalar(long value) => new(NativeScalar.Of(value));

    public static implicit operator Scalar(float value) => new(NativeScalar.Of((double)value));

    public static implicit operator Scalar(double value) => new(NativeScalar.Of(value));

    public static implicit operator Scalar(bool value) => new(NativeScalar.Of(value));
}
