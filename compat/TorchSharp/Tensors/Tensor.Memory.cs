using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>
        /// The elements as bytes: libtorch's own memory, valid while the tensor lives. Writing copies into it.
        /// </summary>
        /// <exception cref="InvalidOperationException">The tensor is not contiguous.</exception>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
                var length = NumberOfElements * ElementSize;
                if (length > int.MaxValue)
                    throw new ArgumentException("Span only supports up to int.MaxValue elements.");
                return new Span<byte>((void*)Data, (int)length);
            }

            set
            {
                if (!is_contiguous()) throw new InvalidOperationException(
                    "SetBytes() called on non-contiguous tensor.");
                if (NumberOfElements * ElementSize != value.Length)
                    throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(new Span<byte>((void*)Data, value.Length));
                GC.KeepAlive(this);
            }
        }

        /// <summary>The first element's address; 0 for a tensor without elements.</summary>
        internal nint Data
        {
            get
            {
                var data = Native.ts_data(Handle);
                if (data == 0 && NumberOfElements != 0) Native.Check(data);
                return data;
            }
        }

        /// <summary>The elements one by one, read and written in place.</summary>
        /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the elements' type.</exception>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(this);
        }

        /// <summary>The only element.</summary>
        public unsafe T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            ValidateType(typeof(T));
            var value = *(T*)Data;
            GC.KeepAlive(this);
            return value;
        }

        public Tensor copy_(Tensor source, bool nonBlocking = false) =>
            InPlace(Native.ts_copy_(Handle, source.Handle, nonBlocking ? 1 : 0), source);

        public Tensor fill_(Scalar value) => InPlace(Native.ts_fill_(Handle, value.Value));

        /// <summary>
        /// The tensor with elements of another type; this one itself where nothing changes and no copy is asked for.
        /// </summary>
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            var result = Result(Native.ts_to_type(Handle, (int)type, copy ? 1 : 0), this);
            if (disposeAfter) Dispose();
            return result;
        }

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(type, copy, disposeAfter, non_blocking);

        public Tensor cpu() => to_type(dtype);

        /// <summary>The only element as a number of any type.</summary>
        public Scalar ToScalar() => new(Item());

        internal unsafe NativeScalar Item()
        {
            NativeScalar value = default;
            var status = Native.ts_item(Handle, &value);
            GC.KeepAlive(this);
            Native.Check(status);
            return value;
        }

        private void ValidateType(Type type)
        {
            if (type == ElementTypes.Of(dtype)) return;
            throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }
    }
}
