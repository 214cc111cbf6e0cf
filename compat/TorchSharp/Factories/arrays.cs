using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor over the array's own memory where no other type is asked for: writing to one shows in the other.
    /// </summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(
        Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        Supported(device, names);
        var type = ElementTypes.Of(rawArray.GetType().GetElementType());
        var shared = Shared(rawArray, 0, Lengths(rawArray), type, requires_grad);
        return dtype is { } wanted && wanted != type ? shared.to_type(wanted, disposeAfter: true) : shared;
    }

    /// <summary>
    /// A tensor over <paramref name="count"/> elements of the array, from <paramref name="offset"/>; -1 is all the
    /// rest.
    /// </summary>
    public static Tensor frombuffer(
        Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        if (offset < 0 || offset >= rawArray.LongLength)
            throw new ArgumentException($"invalid value for 'offset': {offset}");
        if (count < 0) count = rawArray.LongLength - offset;
        if (count > rawArray.LongLength - offset)
            throw new IndexOutOfRangeException($"element count is too large: {count}");

        var type = ElementTypes.Of(rawArray.GetType().GetElementType());
        var shared = Shared(rawArray, offset, [count], type, requires_grad);
        return dtype == type ? shared : shared.to_type(dtype, disposeAfter: true);
    }

    private static unsafe Tensor Copied<T>(
        ReadOnlySpan<T> elements,
        ReadOnlySpan<long> dimensions,
        ScalarType type,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names)
        where T : unmanaged
    {
        Supported(device, names);
        long count = 1;
        foreach (var length in dimensions) count *= length;
        if (count > elements.Length)
        {
            throw new ArgumentException(
                $"mismatched total size creating a tensor from an array: {count} vs. {elements.Length}");
        }

        var sameType = dtype is null || dtype == type;
        var tensor = empty(dimensions, type, requires_grad: requires_grad && sameType);
        elements[..(int)count].CopyTo(new Span<T>((void*)tensor.Data, (int)count));
        if (sameType) return tensor;
        var converted = tensor.to_type(dtype!.Value, disposeAfter: true);
        return requires_grad ? converted.requires_grad_() : converted;
    }

    private static unsafe Tensor Shared(
        Array array, long offset, ReadOnlySpan<long> dimensions, ScalarType type, bool requires_grad)
    {
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        var address = pin.AddrOfPinnedObject() + (nint)(offset * (Buffer.ByteLength(array) / array.LongLength));
        int taken;
        nint tensor;
        fixed (long* sizes = dimensions)
        {
            tensor = Native.ts_from_memory(
                address, sizes, dimensions.Length, (int)type, requires_grad ? 1 : 0, &Unpin, GCHandle.ToIntPtr(pin),
                &taken);
        }

        if (tensor == 0 && taken == 0) pin.Free();
        return new Tensor(Native.Check(tensor));
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint pin) => GCHandle.FromIntPtr(pin).Free();

    private static ReadOnlySpan<T> Elements<T>(Array array) where T : unmanaged => MemoryMarshal.CreateReadOnlySpan(
        ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static long[] Lengths(Array array)
    {
        var lengths = new long[array.Rank];
        for (var i = 0; i < lengths.Length; i++) lengths[i] = array.GetLongLength(i);
        return lengths;
    }
}
