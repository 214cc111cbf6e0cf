using Sweeps.Tests.Shared;

namespace Sweeps.Storage.Tests;

/// <summary>One server for all tests of the collection; each test has a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        // Processes are killed here, never the machine: what the server wrote survives without flushing the disk.
        if (PostgresServer.SkipReason is null)
            Server = await PostgresServer.StartAsync("fsync=off");
    }

    public async Task DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }
}
