using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>The functions of torch.</summary>
public static partial class torch
{
    /// <summary>The version of libtorch that the shim was compiled with.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8(Native.ts_version())!;

    /// <summary>A scope on this thread that disposes the tensors made in it.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    /// <summary>Evaluates in a scope of its own and keeps only the result.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    /// <summary>Threads for one operation on this thread; 1 unless it was set.</summary>
    public static int get_num_threads() => Count(Native.ts_get_num_threads());

    /// <summary>
    /// Sets the threads for one operation: of this thread, and of threads that have not used torch yet.
    /// </summary>
    public static void set_num_threads(int num) => Native.Check(Native.ts_set_num_threads(num));

    public static int get_num_interop_threads() => Count(Native.ts_get_num_interop_threads());

    /// <summary>Sets the threads for operations side by side; possible once, before the first such operation.</summary>
    public static void set_num_interop_threads(int num) => Native.Check(Native.ts_set_num_interop_threads(num));

    private static int Count(int threads)
    {
        Native.CheckFlag(threads);
        return threads;
    }

    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) =>
        input.addmm(mat1, mat2, beta, alpha);

    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.where(condition, y);

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Joined(Handles(tensors), dim, tensors, false);

    public static Tensor cat(Tensor[] tensors, long dim = 0) => cat((IList<Tensor>)tensors, dim);

    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat((IList<Tensor>)tensors.ToArray(), dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0)
    {
        var list = tensors as IList<Tensor> ?? tensors.ToList();
        return Joined(Handles(list), dim, list, true);
    }

    private static unsafe Tensor Joined(nint[] handles, long dim, IList<Tensor> operands, bool stacked)
    {
        if (handles.Length == 0)
            throw new ArgumentException("There are no tensors to join.", nameof(operands));
        fixed (nint* first = handles)
        {
            var joined = stacked
                ? Native.ts_stack(first, handles.Length, dim)
                : Native.ts_cat(first, handles.Length, dim);
            GC.KeepAlive(operands);
            return new Tensor(Native.Check(joined));
        }
    }
}
