using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => Native.ts_dim(Handle);

        public long ndim => Dimensions;

        public long NumberOfElements => Native.ts_numel(Handle);

        public long ElementSize => Native.ts_element_size(Handle);

        public ScalarType dtype => (ScalarType)Native.ts_dtype(Handle);

        public Device device => Handle != 0 ? CPU : throw DisposedError();

        public DeviceType device_type => device.type;

        /// <summary>The lengths of the dimensions: a new array each time.</summary>
        public long[] shape => size();

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public unsafe long[] size() => new ReadOnlySpan<long>(Native.ts_sizes(Handle), (int)Dimensions).ToArray();

        public unsafe long size(int dim) => Native.ts_sizes(Handle)[Dimension(dim)];

        public unsafe long[] stride() =>
            new ReadOnlySpan<long>(Native.ts_strides(Handle), (int)Dimensions).ToArray();

        public unsafe long stride(int dim) => Native.ts_strides(Handle)[Dimension(dim)];

        public long storage_offset() => Native.ts_storage_offset(Handle);

        public bool is_contiguous() => Native.ts_is_contiguous(Handle) != 0;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_floating_point() =>
            dtype is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

        public bool is_integral() => dtype is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16
            or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

        private int Dimension(int dim)
        {
            var count = (int)Dimensions;
            var index = dim < 0 ? dim + count : dim;
            if ((uint)index < (uint)count) return index;
            throw new System.Runtime.InteropServices.ExternalException(
                $"Dimension out of range (expected to be in range of [{-count}, {count - 1}], but got {dim})");
        }
    }
}
