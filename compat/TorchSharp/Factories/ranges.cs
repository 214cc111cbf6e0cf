using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>0, 1, 2 and so on below <paramref name="stop"/>.</summary>
    public static Tensor arange(
        Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(new Scalar(NativeScalar.Of(0L)), stop, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, new Scalar(NativeScalar.One), dtype, device, requires_grad);

    /// <summary>start, start + step and so on below <paramref name="stop"/>; integers where all three are.</summary>
    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false)
    {
        Supported(device, null);
        var integers = start.Type == ScalarType.Int64 && stop.Type == ScalarType.Int64 && step.Type == ScalarType.Int64;
        var type = dtype ?? (integers ? ScalarType.Int64 : ScalarType.Float32);
        return new Tensor(Native.Check(
            Native.ts_arange(start.Value, stop.Value, step.Value, (int)type, requires_grad ? 1 : 0)));
    }

    /// <summary>Ones on the diagonal, zeros elsewhere.</summary>
    public static Tensor eye(
        long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null)
    {
        Supported(device, names);
        return new Tensor(Native.Check(
            Native.ts_eye(
                rows, columns == -1 ? rows : columns, (int)(dtype ?? ScalarType.Float32), requires_grad ? 1 : 0)));
    }

    private static void Supported(Device? device, string[]? names)
    {
        OnCpu(device);
        if (names is not null) throw new NotSupportedException("compat/TorchSharp has no named dimensions");
    }

    private static ScalarType TypeOf(Scalar value) =>
        value.Type == ScalarType.Float64 ? ScalarType.Float32 : value.Type;
}
