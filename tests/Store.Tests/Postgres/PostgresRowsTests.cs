using System.Security.Cryptography;
using System.Text;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Postgres;

/// <summary>
/// What the server itself counts as read. Its tables have no statistics here, as in the first minute of a database,
/// when a planner that joined the whole log to a few rows would make each append slower than the one before.
/// </summary>
[Collection("postgres")]
public sealed class PostgresRowsTests(PostgresFixture fixture)
{
    [PostgresFact]
    public async Task Append_WithResultsToALongLog_ReadsNoMoreOfTheLogThanItsOwnFirstEvent()
    {
        const int appends = 30;
        const int each = 400;
        var address = await fixture.Server.CreateDatabaseAsync();
        var database = address[(address.LastIndexOf('/') + 1)..];
        await using (var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address)))
        {
            for (var number = 0; number < appends; number++)
            {
                var append = new SweepAppend(
                    "a", number * each, [.. Enumerable.Repeat(new NewEvent("T", default), each)])
                {
                    Results = [.. Enumerable.Range(0, each).Select(place => new NewResult(
                        place, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{number} {place}"))),
                        "", 1))],
                    Basis = new string('5', 64),
                };
                Assert.True((await store.Log.AppendAsync(append)).IsAppended);
            }
        }

        var rows = await fixture.Server.CountRowsAsync("sweeps.events", database);
        var results = await fixture.Server.SqlAsync("SELECT count(*) FROM sweeps.results", database);
        Assert.Equal($"{appends * each}", results);
        Assert.Equal(appends * each, rows.Written);
        // One row for results and one for the basis.
        Assert.InRange(rows.Read, 0, 2 * appends);
    }
}
