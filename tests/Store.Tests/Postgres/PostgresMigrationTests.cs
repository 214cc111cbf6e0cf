using Npgsql;
using Sweeps.Core.Trainings;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Store.Postgres;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Postgres;

/// <summary>
/// The schema changes while a program of another version has the store open. One of the fifth version is a connection
/// as it keeps them: named as they are, or listening under a name that its user chose.
/// </summary>
[Collection("postgres")]
public sealed class PostgresMigrationTests(PostgresFixture fixture)
{
    private const string Version = "SELECT max(version) FROM sweeps.migrations";

    [PostgresTheory]
    [Trait("Speed", "slow")]
    [InlineData("sweeps", "SELECT 1")]
    [InlineData("the lab's", "LISTEN sweeps_changes")]
    [InlineData("the lab's", "SELECT id, last_sequence FROM sweeps.sweeps WHERE open")]
    public async Task Open_EarlierVersionHasItOpen_IsRefusedUnchanged_UntilItEnds(string name, string statement)
    {
        var (address, database) = await FifthAsync();
        await using (var earlier = await ConnectAsync(address, name, statement))
        {
            var error = await Assert.ThrowsAnyAsync<StoreException>(
                () => StoreFactory.OpenAsync(StoreAddress.Parse(address)));
            Assert.Equal(StoreReason.InUse, error.Reason);
            Assert.Contains("in use by a process on 127.0.0.1", error.Message, StringComparison.Ordinal);
            Assert.Contains("then run the same command again", error.Message, StringComparison.Ordinal);
            Assert.Equal("5", await fixture.Server.SqlAsync(Version, database));
            // It goes on as if nothing had been.
            await using var still = new NpgsqlCommand("SELECT count(*) FROM sweeps.events", earlier);
            Assert.True((long)(await still.ExecuteScalarAsync())! > 0);
        }

        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address));
        Assert.Equal(PostgresMigrations.Version, (await store.DescribeAsync())!.SchemaVersion);
    }

    [PostgresFact]
    public async Task Open_SomebodyElsesConnection_IsNotInTheWay()
    {
        var (address, _) = await FifthAsync();
        await using var admin = await ConnectAsync(address, "psql", "SELECT count(*) FROM sweeps.sweeps");
        await (await StoreFactory.OpenAsync(StoreAddress.Parse(address))).DisposeAsync();
    }

    [PostgresFact]
    public async Task Open_SeveralAtOnce_OneMigratesAndAllOpen()
    {
        var (address, database) = await FifthAsync();
        var opening = Enumerable.Range(0, 4).Select(_ => StoreFactory.OpenAsync(StoreAddress.Parse(address))).ToList();
        foreach (var store in await Task.WhenAll(opening))
            await store.DisposeAsync();
        Assert.Equal($"{PostgresMigrations.Version}", await fixture.Server.SqlAsync(Version, database));
    }

    /// <summary>Whatever comes beside it in a group: nothing of what it writes is there.</summary>
    [PostgresFact]
    public async Task Append_SchemaChangedMeanwhile_IsRefusedWithTheWayOut()
    {
        var address = await fixture.Server.CreateDatabaseAsync();
        var database = address[(address.LastIndexOf('/') + 1)..];
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address));
        await store.Log.AppendAsync("a", 0, [new NewEvent("T", default)]);
        await fixture.Server.SqlAsync("INSERT INTO sweeps.migrations (version, name) VALUES (99, 'next')", database);

        var append = await Assert.ThrowsAnyAsync<StoreException>(
            () => store.Log.AppendAsync("a", 1, [new NewEvent("T", default)]));
        var put = await Assert.ThrowsAnyAsync<StoreException>(() => store.Metrics.PutAsync(
            [new MetricRow(new("a", 0, 0), 1, new EpochReport(1, 0, 0, 0, 0, 0, 0, 0, 1))]));

        foreach (var error in (StoreException[])[append, put])
        {
            Assert.Equal(StoreReason.OtherVersion, error.Reason);
            Assert.Contains("Stop this process", error.Message, StringComparison.Ordinal);
        }

        Assert.Single(await store.Log.ReadAsync("a", 0));
        Assert.Empty(await store.Metrics.ReadAsync("a"));
    }

    private async Task<(string Address, string Database)> FifthAsync()
    {
        var address = await fixture.Server.CreateDatabaseAsync();
        var database = address[(address.LastIndexOf('/') + 1)..];
        var sql = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Frozen", "fifth.sql"));
        await fixture.Server.SqlAsync(sql, database);
        return (address, database);
    }

    private static async Task<NpgsqlConnection> ConnectAsync(string address, string name, string statement)
    {
        var builder = StoreAddress.Parse(address).Postgres!.Secret();
        (builder.ApplicationName, builder.Pooling) = (name, false);
        var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
