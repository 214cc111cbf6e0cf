using System.Globalization;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Store.Tests.Conformance;

namespace Sweeps.Store.Tests.Postgres;

[Collection("postgres")]
public sealed partial class PostgresStoreTests(PostgresFixture fixture) : DurableConformance
{
    private string _address = "";

    private string Database => _address[(_address.LastIndexOf('/') + 1)..];

    public override async Task InitializeAsync()
    {
        _address = await fixture.Server.CreateDatabaseAsync();
        await base.InitializeAsync();
    }

    protected override Task<ISweepStore> OpenAsync() => StoreFactory.OpenAsync(StoreAddress.Parse(_address));

    /// <summary>The server's clock cannot be moved, so what it wrote is moved into the past.</summary>
    protected override Task AdvanceAsync(TimeSpan by)
    {
        var past = $"{by.TotalSeconds.ToString(CultureInfo.InvariantCulture)} * interval '1 second'";
        return fixture.Server.SqlAsync(
            $"UPDATE sweeps.silos SET last_seen = last_seen - {past}, started = started - {past}", Database);
    }
}
