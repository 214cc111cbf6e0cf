using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Until the result is disposed, nothing is recorded on this thread.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    /// <summary>Whether operations are recorded on this thread.</summary>
    public static bool is_grad_enabled() => Native.ts_grad_enabled() != 0;

    /// <summary>As <see cref="no_grad"/>, and results can never take part in recorded operations.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => Native.ts_inference_mode_enabled() != 0;

    private sealed class GradMode : IDisposable
    {
        private readonly int _before = Native.ts_grad_enabled();

        public GradMode(bool enabled) => Native.ts_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Native.ts_set_grad_enabled(_before);
    }

    private sealed class InferenceMode(bool mode) : IDisposable
    {
        private nint _guard = Native.Check(Native.ts_inference_mode(mode ? 1 : 0));

        public void Dispose()
        {
            if (_guard != 0) Native.ts_inference_mode_end(_guard);
            _guard = 0;
        }
    }
}
