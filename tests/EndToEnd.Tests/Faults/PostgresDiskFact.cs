using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>A test that needs a PostgreSQL server and a disk it can fill; skipped by name where one is
/// missing.</summary>
public sealed class PostgresDiskFact : FactAttribute
{
    public PostgresDiskFact() => Skip = PostgresServer.SkipReason ?? SmallDisk.SkipReason;
}
