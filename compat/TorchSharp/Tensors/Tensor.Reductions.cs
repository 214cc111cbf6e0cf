using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Result(Native.ts_sum(Handle, TypeOrNone(type)), this);

        public unsafe Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* dims = dim)
                return Result(Native.ts_sum_dims(Handle, dims, dim.Length, keepdim ? 1 : 0, TypeOrNone(type)), this);
        }

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            sum((ReadOnlySpan<long>)dim, keepdim, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) =>
            sum((ReadOnlySpan<long>)[dim], keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) =>
            sum((ReadOnlySpan<long>)[dim0, dim1], keepdim, type);

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            sum((ReadOnlySpan<long>)[dim0, dim1, dim2], keepdim, type);

        public Tensor mean() => Result(Native.ts_mean(Handle, -1), this);

        public unsafe Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* dims = dimensions)
            {
                return Result(
                    Native.ts_mean_dims(Handle, dims, dimensions.Length, keepdim ? 1 : 0, TypeOrNone(type)), this);
            }
        }

        public Tensor var(bool unbiased = true) => Result(Native.ts_var(Handle, unbiased ? 1 : 0), this);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var((ReadOnlySpan<long>)[dim], unbiased, keepdim, type);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        public unsafe Tensor var(
            ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            using var typed = Typed(type);
            fixed (long* dims = dimensions)
            {
                return Result(
                    Native.ts_var_dims(
                        (typed ?? this).Handle, dims, dimensions.Length, unbiased ? 1 : 0, keepdim ? 1 : 0),
                    this);
            }
        }

        public Tensor std(bool unbiased = true) => Result(Native.ts_std(Handle, unbiased ? 1 : 0), this);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std((ReadOnlySpan<long>)[dim], unbiased, keepdim, type);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        public unsafe Tensor std(
            ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            using var typed = Typed(type);
            fixed (long* dims = dimensions)
            {
                return Result(
                    Native.ts_std_dims(
                        (typed ?? this).Handle, dims, dimensions.Length, unbiased ? 1 : 0, keepdim ? 1 : 0),
                    this);
            }
        }

        /// <summary>The p-norm of all elements.</summary>
        public Tensor norm(float p = 2.0f) => Result(Native.ts_norm(Handle, p), this);

        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) =>
            Result(Native.ts_norm_dim(Handle, dim, keepdim ? 1 : 0, p), this);

        public Tensor all() => Result(Native.ts_all(Handle), this);

        public Tensor all(long dim, bool keepdim = false) =>
            Result(Native.ts_all_dim(Handle, dim, keepdim ? 1 : 0), this);

        public Tensor any() => Result(Native.ts_any(Handle), this);

        public Tensor any(long dim, bool keepdim = false) =>
            Result(Native.ts_any_dim(Handle, dim, keepdim ? 1 : 0), this);

        public Tensor argmax() => Result(Native.ts_argmax(Handle), this);

        public Tensor argmax(long dim, bool keepdim = false) =>
            Result(Native.ts_argmax_dim(Handle, dim, keepdim ? 1 : 0), this);

        public Tensor argmin() => Result(Native.ts_argmin(Handle), this);

        public Tensor argmin(long dim, bool keepdim = false) =>
            Result(Native.ts_argmin_dim(Handle, dim, keepdim ? 1 : 0), this);

        public Tensor max() => Result(Native.ts_max(Handle), this);

        public Tensor max(Tensor other) => maximum(other);

        public unsafe (Tensor values, Tensor indexes) max(long dim, bool keepdim = false)
        {
            nint values = 0, indexes = 0;
            var status = Native.ts_max_dim(Handle, dim, keepdim ? 1 : 0, &values, &indexes);
            GC.KeepAlive(this);
            Native.Check(status);
            return (new Tensor(values), new Tensor(indexes));
        }

        public Tensor min() => Result(Native.ts_min(Handle), this);

        public Tensor min(Tensor other) => minimum(other);

        public unsafe (Tensor values, Tensor indexes) min(long dim, bool keepdim = false)
        {
            nint values = 0, indexes = 0;
            var status = Native.ts_min_dim(Handle, dim, keepdim ? 1 : 0, &values, &indexes);
            GC.KeepAlive(this);
            Native.Check(status);
            return (new Tensor(values), new Tensor(indexes));
        }

        private Tensor? Typed(ScalarType? type) => type is { } wanted && wanted != dtype ? to_type(wanted) : null;
    }
}
