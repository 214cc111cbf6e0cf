using Sweeps.Store.Addresses;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Postgres;

/// <summary>
/// What <c>sweeps doctor</c> finds with a user that lacks one right after the other, and what it advises.
/// </summary>
[Collection("postgres")]
public sealed class StoreProbeTests(PostgresFixture fixture)
{
    /// <summary>Each advice is followed, as an administrator would, until nothing is missing.</summary>
    [PostgresFact]
    public async Task Run_UserWithoutRights_AdvisesOneAfterTheOther_AndWhatItAdvisesHelps()
    {
        var owner = await fixture.Server.CreateDatabaseAsync();
        var database = owner[(owner.LastIndexOf('/') + 1)..];
        await SqlAsync($"REVOKE ALL ON DATABASE {database} FROM PUBLIC");
        await SqlAsync($"CREATE ROLE lacking_{database} LOGIN PASSWORD 'simple'");
        var address = StoreAddress.Parse(
            $"postgres://lacking_{database}:simple@127.0.0.1:{fixture.Server.Port}/{database}");

        await AssertFixAsync("connect", "GRANT CONNECT ON DATABASE");
        await AssertFixAsync("write", "GRANT CREATE ON DATABASE");
        Assert.All(await StoreProbe.RunAsync(address), step => Assert.Null(step.Fix));
        Assert.Equal("f", await SqlAsync("SELECT to_regnamespace('sweeps') IS NOT NULL"));

        await (await StoreFactory.OpenAsync(StoreAddress.Parse(owner))).DisposeAsync();
        await AssertFixAsync("write", "GRANT USAGE ON SCHEMA sweeps");
        await SqlAsync($"REVOKE DELETE ON sweeps.events FROM lacking_{database}");
        var (found, _) = await AssertFixAsync("write", "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES");
        Assert.Contains("DELETE on sweeps.events", found, StringComparison.Ordinal);
        var steps = await StoreProbe.RunAsync(address);
        Assert.Equal(["connect", "write", "listen"], steps.Select(step => step.Name));
        Assert.All(steps, step => Assert.Null(step.Fix));
        Assert.Equal("0", await SqlAsync("SELECT count(*) FROM sweeps.silos"));

        async Task<(string Found, string Fix)> AssertFixAsync(string name, string begin)
        {
            var step = (await StoreProbe.RunAsync(address))[^1];
            Assert.Equal(name, step.Name);
            Assert.StartsWith(begin, step.Fix, StringComparison.Ordinal);
            await SqlAsync(step.Fix!);
            return (step.Found, step.Fix!);
        }

        Task<string> SqlAsync(string sql) => fixture.Server.SqlAsync(sql, database);
    }
}
