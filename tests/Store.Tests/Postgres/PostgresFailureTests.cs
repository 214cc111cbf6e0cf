using System.Diagnostics;
using Sweeps.Core;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Postgres;

/// <summary>
/// A server that refuses, is missing, or is newer: a clear error that names it, and never the password.
/// </summary>
[Collection("postgres")]
public sealed class PostgresFailureTests(PostgresFixture fixture)
{
    [PostgresFact]
    public async Task Open_WrongPassword_SaysWhoWasRefusedAndShowsNoPassword()
    {
        var address = fixture.Server.Address().Replace("s3cret", "s3cretWRONG", StringComparison.Ordinal);
        var message = await OpenFailsAsync(address);
        Assert.Contains("password of the user 'sweeps'", message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_NoPassword_SaysWhereToPutIt()
    {
        var message = await OpenFailsAsync(fixture.Server.Address(withPassword: false));
        Assert.Contains("PGPASSWORD", message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_MissingDatabase_SaysHowToCreateIt()
    {
        var message = await OpenFailsAsync(fixture.Server.Address("nowhere"));
        Assert.Contains("createdb", message, StringComparison.Ordinal);
        Assert.Contains("nowhere", message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_NoPermission_SaysWhatToGrant()
    {
        var address = await fixture.Server.CreateDatabaseAsync();
        var database = address[(address.LastIndexOf('/') + 1)..];
        await fixture.Server.SqlAsync("DROP ROLE IF EXISTS guest");
        await fixture.Server.SqlAsync("CREATE ROLE guest LOGIN PASSWORD 's3cret'");
        var message = await OpenFailsAsync($"postgres://guest:s3cret@127.0.0.1:{fixture.Server.Port}/{database}");
        Assert.Contains("GRANT CREATE ON DATABASE", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NobodyListens_SaysSoWithinSeconds()
    {
        var watch = Stopwatch.StartNew();
        var message = await OpenFailsAsync("postgres://ada:s3cret@127.0.0.1:1/lab");
        Assert.Contains("out of reach", message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", message, StringComparison.Ordinal);
        // Far from the minute that a store is waited for which was there before.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [PostgresFact]
    public async Task Open_NewerVersion_IsRefusedUnchanged()
    {
        var address = await fixture.Server.CreateDatabaseAsync();
        await (await OpenAsync(address)).DisposeAsync();
        var database = address[(address.LastIndexOf('/') + 1)..];
        await fixture.Server.SqlAsync("INSERT INTO sweeps.migrations (version, name) VALUES (99, 'future')", database);
        Assert.Contains("version 99", await OpenFailsAsync(address), StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData(StoreAccess.ReadOnly)]
    [InlineData(StoreAccess.Change)]
    public async Task Open_ThatMakesNoStore_SaysThatThereIsNone(StoreAccess access)
    {
        var address = await fixture.Server.CreateDatabaseAsync();
        var message = await OpenFailsAsync(address, new StoreOptions { Access = access });
        Assert.Contains("no store", message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_ReadOnly_ReadsAndRefusesWrites()
    {
        var address = await fixture.Server.CreateDatabaseAsync();
        await using (var writer = await OpenAsync(address))
            await writer.Log.AppendAsync("a", 0, [new NewEvent("T", default)]);
        await using var reader = await StoreFactory.OpenAsync(
            StoreAddress.Parse(address), new StoreOptions { Access = StoreAccess.ReadOnly });
        Assert.Single(await reader.Log.ReadAsync("a", 0));
        await Assert.ThrowsAnyAsync<SweepsException>(
            () => reader.Log.AppendAsync("a", 1, [new NewEvent("T", default)]));
        var error = await Assert.ThrowsAnyAsync<SweepsException>(
            () => reader.Silos.RegisterAsync(new SiloRegistration("a", "a#1", "h", "1", 1, "f")));
        Assert.Contains("no writes", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Open_ManyAtOnce_MigrateOnce()
    {
        var address = await fixture.Server.CreateDatabaseAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OpenAsync(address)));
        await Task.WhenAll(
            stores.Select((store, index) => store.Log.AppendAsync($"s{index}", 0, [new NewEvent("T", default)])));
        Assert.Equal(6, (await stores[0].Log.ListAsync()).Count);
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    private static Task<ISweepStore> OpenAsync(string address) => StoreFactory.OpenAsync(StoreAddress.Parse(address));

    /// <summary>Opening fails; neither the error, however printed, nor any log line shows the password.</summary>
    private static async Task<string> OpenFailsAsync(string address, StoreOptions? options = null)
    {
        var logger = new CollectingLogger();
        var error = await Assert.ThrowsAnyAsync<SweepsException>(
            () => StoreFactory.OpenAsync(StoreAddress.Parse(address), options, logger: logger));
        Assert.Equal(ErrorKind.Store, error.Kind);
        Assert.Contains("postgres://", error.Message, StringComparison.Ordinal);
        foreach (var text in logger.Lines.Append(error.ToString()))
            Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        return error.Message;
    }
}
