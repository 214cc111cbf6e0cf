using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Postgres;

/// <summary>An address of several servers, of which one takes writes.</summary>
[Collection("postgres")]
public sealed class PostgresHostsTests(PostgresFixture fixture)
{
    [PostgresFact]
    public async Task FirstHostDead_TheSecondIsUsed()
    {
        var address = Before($"127.0.0.1:{FreePort.Next()}", await fixture.Server.CreateDatabaseAsync());

        await WriteAndReadAsync(address);
    }

    [PostgresFact]
    public async Task FirstHostTakesNoWrites_TheSecondIsUsed_AlsoForReading()
    {
        await using var readOnly = await PostgresServer.CreateAsync("default_transaction_read_only=on");
        var address = Before($"127.0.0.1:{readOnly.Port}", await fixture.Server.CreateDatabaseAsync());

        await WriteAndReadAsync(address);
    }

    /// <summary>A real standby, behind its primary; then the primary dies and the standby takes over.</summary>
    [PostgresFact]
    [Trait("Speed", "slow")]
    public async Task StandbyFirst_ThePrimaryIsUsed_AndTheStandbyOnceItHasTakenOver()
    {
        await using var primary = await PostgresServer.CreateAsync();
        await using var standby = await primary.StartStandbyAsync();
        var address = Before($"127.0.0.1:{standby.Port}", primary.Address());
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address));
        await store.Log.AppendAsync("s", 0, [new NewEvent("T", "{}"u8.ToArray())]);
        await UntilFollowedAsync(standby);

        await primary.KillAsync();
        await standby.SqlAsync("SELECT pg_promote()");

        // The retries of the store carry it over.
        var append = await store.Log.AppendAsync("s", 1, [new NewEvent("T", "{}"u8.ToArray())]);
        Assert.True(append.IsAppended);
        Assert.Equal("2", await standby.SqlAsync("SELECT count(*) FROM sweeps.events"));
    }

    [PostgresFact]
    [Trait("Speed", "slow")]
    public async Task NoHostTakesWrites_IsSaid()
    {
        await using var readOnly = await PostgresServer.CreateAsync("default_transaction_read_only=on");
        var address = Before($"127.0.0.1:{FreePort.Next()}", readOnly.Address());

        var error = await Assert.ThrowsAsync<StoreException>(
            () => StoreFactory.OpenAsync(StoreAddress.Parse(address)));

        Assert.Equal(StoreReason.OutOfReach, error.Reason);
        Assert.Contains("None of the hosts of the store", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, error.ToString(), StringComparison.Ordinal);
    }

    private static async Task WriteAndReadAsync(string address)
    {
        await using (var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address)))
            await store.Log.AppendAsync("s", 0, [new NewEvent("T", "{}"u8.ToArray())]);
        await using var reading = await StoreFactory.OpenAsync(
            StoreAddress.Parse(address), new() { Access = StoreAccess.ReadOnly });
        Assert.Single(await reading.Log.ReadAsync("s", 0));
    }

    /// <summary>Until the standby has the first event.</summary>
    private static async Task UntilFollowedAsync(PostgresServer standby)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await standby.SqlAsync("SELECT to_regclass('sweeps.events') IS NOT NULL") != "t"
            || await standby.SqlAsync("SELECT count(*) FROM sweeps.events") != "1")
            await Task.Delay(100, limit.Token);
    }

    /// <summary>The address with one more host before its own.</summary>
    private static string Before(string host, string address) =>
        address.Replace("@127.0.0.1", $"@{host},127.0.0.1", StringComparison.Ordinal);
}
