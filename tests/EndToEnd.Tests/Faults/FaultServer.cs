using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>One PostgreSQL server for tests that run one after the other; a database for each.</summary>
public sealed class FaultServer : IAsyncLifetime
{
    public PostgresServer Postgres { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.SkipReason is null)
            Postgres = await PostgresServer.CreateAsync();
    }

    public async Task DisposeAsync()
    {
        if (Postgres is not null)
            await Postgres.DisposeAsync();
    }
}

/// <summary>Tests that may also end their server.</summary>
[CollectionDefinition("faults")]
public sealed class FaultCollection : ICollectionFixture<FaultServer>;

/// <summary>Tests that kill silos alone; they mostly wait, and run beside those of the other collection.</summary>
[CollectionDefinition("kills")]
public sealed class KillCollection : ICollectionFixture<FaultServer>;

/// <summary>A test that needs a PostgreSQL server and a disk it can fill; skipped by name where one is
/// missing.</summary>
public sealed class PostgresDiskFact : FactAttribute
{
    public PostgresDiskFact() => Skip = PostgresServer.SkipReason ?? SmallDisk.SkipReason;
}
