using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public unsafe Tensor view(params long[] shape)
        {
            fixed (long* sizes = shape) return Result(Native.ts_view(Handle, sizes, shape.Length), this);
        }

        public Tensor view_as(Tensor other) => view(other.shape);

        public unsafe Tensor reshape(params long[] shape)
        {
            fixed (long* sizes = shape) return Result(Native.ts_reshape(Handle, sizes, shape.Length), this);
        }

        public Tensor flatten(long start_dim = 0, long end_dim = -1) =>
            Result(Native.ts_flatten(Handle, start_dim, end_dim), this);

        public Tensor narrow(long dim, long start, long length) =>
            Result(Native.ts_narrow(Handle, dim, start, length), this);

        public Tensor slice(long dim, long start, long finish, long step) =>
            Result(Native.ts_slice(Handle, dim, start, finish, step), this);

        public Tensor select(long dim, long index) => Result(Native.ts_select(Handle, dim, index), this);

        public Tensor squeeze(long? dim = null) =>
            Result(dim.HasValue ? Native.ts_squeeze_dim(Handle, dim.Value) : Native.ts_squeeze(Handle), this);

        public Tensor unsqueeze(long dim) => Result(Native.ts_unsqueeze(Handle, dim), this);

        public Tensor t() => Result(Native.ts_t(Handle), this);

        public Tensor transpose(long dim0, long dim1) => Result(Native.ts_transpose(Handle, dim0, dim1), this);

        public unsafe Tensor permute(params long[] permutation)
        {
            fixed (long* dims = permutation) return Result(Native.ts_permute(Handle, dims, permutation.Length), this);
        }

        public unsafe Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false)
        {
            fixed (long* values = sizes)
                return Result(Native.ts_expand(Handle, values, sizes.Length, isImplicit ? 1 : 0), this);
        }

        public Tensor expand(long[] sizes, bool isImplicit = false) => expand((ReadOnlySpan<long>)sizes, isImplicit);

        public Tensor expand(params long[] sizes) => expand((ReadOnlySpan<long>)sizes);

        public Tensor expand_as(Tensor other) => expand((ReadOnlySpan<long>)other.shape);

        public Tensor alias() => Result(Native.ts_alias(Handle), this);

        public Tensor detach() => Result(Native.ts_detach(Handle), this);

        public Tensor detach_() => InPlace(Native.ts_detach_(Handle));

        public Tensor clone() => Result(Native.ts_clone(Handle), this);

        public Tensor contiguous() => Result(Native.ts_contiguous(Handle), this);

        public Tensor gather(long dim, Tensor index) =>
            Result(Native.ts_gather(Handle, dim, index.Handle), this, index);

        public Tensor index_select(long dim, Tensor index) =>
            Result(Native.ts_index_select(Handle, dim, index.Handle), this, index);

        public Tensor scatter_(long dim, Tensor index, Tensor src) =>
            InPlace(Native.ts_scatter_(Handle, dim, index.Handle, src.Handle), index, src);

        /// <summary>This tensor's elements where the condition holds, else those of <paramref name="y"/>.</summary>
        public Tensor where(Tensor condition, Tensor y) =>
            Result(Native.ts_where(condition.Handle, Handle, y.Handle), this, condition, y);

        public Tensor masked_fill(Tensor mask, Scalar value) =>
            Result(Native.ts_masked_fill(Handle, mask.Handle, value.Value), this, mask);

        public Tensor masked_fill_(Tensor mask, Scalar value) =>
            InPlace(Native.ts_masked_fill_(Handle, mask.Handle, value.Value), mask);
    }
}
