namespace Sweeps.Storage.Tests;

public sealed class MemoryStoreTests : StoreConformance
{
    private readonly ManualTime _time = new();

    protected override Task<ISweepStore> OpenAsync() => StoreFactory.OpenAsync(StoreAddress.Memory, time: _time);

    protected override Task AdvanceAsync(TimeSpan by)
    {
        _time.Advance(by);
        return Task.CompletedTask;
    }
}
