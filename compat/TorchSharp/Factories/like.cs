using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor zeros_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null)
    {
        Supported(device, names);
        var tensor = Native.ts_zeros_like(input.Handle, TypeOrNone(dtype), requires_grad ? 1 : 0);
        GC.KeepAlive(input);
        return new Tensor(Native.Check(tensor));
    }

    public static Tensor ones_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null)
    {
        Supported(device, names);
        var tensor = Native.ts_ones_like(input.Handle, TypeOrNone(dtype), requires_grad ? 1 : 0);
        GC.KeepAlive(input);
        return new Tensor(Native.Check(tensor));
    }

    public static Tensor empty_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null)
    {
        Supported(device, names);
        var tensor = Native.ts_empty_like(input.Handle, TypeOrNone(dtype), requires_grad ? 1 : 0);
        GC.KeepAlive(input);
        return new Tensor(Native.Check(tensor));
    }

    public static Tensor rand_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        Supported(device, null);
        var tensor = Native.ts_rand_like(input.Handle, TypeOrNone(dtype), requires_grad ? 1 : 0);
        GC.KeepAlive(input);
        return new Tensor(Native.Check(tensor));
    }

    public static Tensor randn_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        Supported(device, null);
        var tensor = Native.ts_randn_like(input.Handle, TypeOrNone(dtype), requires_grad ? 1 : 0);
        GC.KeepAlive(input);
        return new Tensor(Native.Check(tensor));
    }

    public static Tensor full_like(
        Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null)
    {
        Supported(device, names);
        var tensor = Native.ts_full_like(input.Handle, value.Value, TypeOrNone(dtype), requires_grad ? 1 : 0);
        GC.KeepAlive(input);
        return new Tensor(Native.Check(tensor));
    }
}
