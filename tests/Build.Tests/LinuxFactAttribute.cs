namespace Sweeps.Build.Tests;

/// <summary>A fact of Linux alone; skipped by name elsewhere.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    /// <summary>Skips where this is another system.</summary>
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "compat/ has a stand-in for TorchSharp on Linux only";
    }
}
