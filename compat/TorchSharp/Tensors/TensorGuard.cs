using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>
/// Frees a native tensor that nobody disposed. Objects with a finalizer are dear to make, and a tensor in a dispose
/// scope is freed with the scope in any case: so this stands beside the tensors that are in no scope, and the scope
/// itself has a finalizer.
/// </summary>
internal sealed class TensorGuard(nint handle) : IDisposable
{
    ~TensorGuard() => Free(handle);

    /// <summary>Called when the tensor is freed otherwise.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    public static void Free(nint handle)
    {
        LiveTensors.Add(-1);
        Native.ts_release(handle);
    }
}
