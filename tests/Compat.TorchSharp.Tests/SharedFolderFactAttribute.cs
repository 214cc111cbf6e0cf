namespace Sweeps.TorchSharpTests;

/// <summary>A test that needs ../shared; skipped where it is absent.</summary>
internal sealed class SharedFolderFactAttribute : FactAttribute
{
    public SharedFolderFactAttribute()
    {
        if (!CompatFactAttribute.IsCompat)
            Skip = "the TorchSharp package is in use, not compat/TorchSharp";
        else if (SharedFolder.Path is null)
            Skip = "../shared, which holds the listing of the real API, is not beside this checkout";
    }
}
