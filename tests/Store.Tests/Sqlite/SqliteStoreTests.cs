using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Store.Tests.Conformance;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Sqlite;

public sealed class SqliteStoreTests : DurableConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<ISweepStore> OpenAsync() =>
        StoreFactory.OpenAsync(StoreAddress.Parse(_folder.Path), time: _time);

    protected override Task AdvanceAsync(TimeSpan by)
    {
        _time.Advance(by);
        return Task.CompletedTask;
    }
}
