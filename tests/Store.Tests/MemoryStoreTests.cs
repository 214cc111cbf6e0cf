using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;
using Sweeps.Store.Tests.Conformance;

namespace Sweeps.Store.Tests;

public sealed class MemoryStoreTests : StoreConformance
{
    private readonly ManualTime _time = new();

    protected override Task<ISweepStore> OpenAsync() => Task.FromResult<ISweepStore>(new MemoryStore(_time));

    protected override Task AdvanceAsync(TimeSpan by)
    {
        _time.Advance(by);
        return Task.CompletedTask;
    }
}
