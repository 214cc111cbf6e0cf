using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>One PostgreSQL server for the fault tests, which run one after the other; a database for each.</summary>
public sealed class FaultServer : IAsyncLifetime
{
    public PostgresServer Postgres { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        // Processes are killed here, never the machine: what the server wrote survives without flushing the disk.
        if (PostgresServer.SkipReason is null)
            Postgres = await PostgresServer.StartAsync("fsync=off");
    }

    public async Task DisposeAsync()
    {
        if (Postgres is not null)
            await Postgres.DisposeAsync();
    }
}

[CollectionDefinition("faults")]
public sealed class FaultCollection : ICollectionFixture<FaultServer>;

/// <summary>A test that needs a PostgreSQL server and a disk it can fill; skipped by name where one is
/// missing.</summary>
public sealed class PostgresDiskFact : FactAttribute
{
    public PostgresDiskFact() => Skip = PostgresServer.SkipReason ?? SmallDisk.SkipReason;
}
