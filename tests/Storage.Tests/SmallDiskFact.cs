namespace Sweeps.Storage.Tests;

/// <summary>A test that needs a disk it can fill; skipped by name where none can be mounted.</summary>
public sealed class SmallDiskFact : FactAttribute
{
    public SmallDiskFact() => Skip = SmallDisk.SkipReason;
}
