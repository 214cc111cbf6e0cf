using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

/// <summary>A test of what only compat/TorchSharp promises; skipped where the real package is referenced.</summary>
internal sealed class CompatFactAttribute : FactAttribute
{
    public static bool IsCompat { get; } = typeof(Tensor).Assembly.GetType("TorchSharp.Interop.Native") is not null;

    public CompatFactAttribute()
    {
        if (!IsCompat)
            Skip = "the TorchSharp package is in use, not compat/TorchSharp";
    }
}
