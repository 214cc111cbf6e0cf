namespace Sweeps.Training.Tests.Data.Public;

/// <summary>A test against the system's tar: skipped by name where there is none.</summary>
public sealed class GnuTarFactAttribute : FactAttribute
{
    public const string Tar = "/bin/tar";

    public GnuTarFactAttribute()
    {
        if (!File.Exists(Tar))
            Skip = $"There is no {Tar} on this machine.";
    }
}
