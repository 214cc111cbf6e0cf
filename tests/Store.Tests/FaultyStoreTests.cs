using Sweeps.Core;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;
using Sweeps.Store.Tests.Conformance;

namespace Sweeps.Store.Tests;

/// <summary>With no fault planned a faulty store is a store; with one, the fault happens and nothing else.</summary>
public sealed class FaultyStoreTests : StoreConformance
{
    private readonly ManualTime _time = new();
    private StoreFault _fault;

    [Fact]
    public async Task Append_Outage_DoesNothing()
    {
        _fault = StoreFault.Outage;
        var error = await Assert.ThrowsAsync<SweepsException>(() => Log.AppendAsync("a", 0, Events(1)));
        Assert.Equal(ErrorKind.Store, error.Kind);
        _fault = StoreFault.None;
        Assert.Empty(await Log.ReadAsync("a", 0));
    }

    [Fact]
    public async Task Append_LostAnswer_IsDoneAndMayBeRepeated()
    {
        var append = new SweepAppend("a", 0, Events(2));
        _fault = StoreFault.LostAnswer;
        await Assert.ThrowsAsync<SweepsException>(() => Log.AppendAsync(append));
        _fault = StoreFault.None;
        Assert.Equal(2, (await Log.ReadAsync("a", 0)).Count);
        Assert.True((await Log.AppendAsync(append)).IsAppended);
        Assert.Equal(2, (await Log.ReadAsync("a", 0)).Count);
    }

    [Fact]
    public async Task Append_Conflict_SaysSoAndDoesNothing()
    {
        await NewSweepAsync("a");
        _fault = StoreFault.Conflict;
        var result = await Log.AppendAsync("a", 1, Events(1));
        Assert.Equal((false, 1L), (result.IsAppended, result.LastSequence));
        Assert.Single(await Log.ReadAsync("a", 0));
    }

    protected override Task<ISweepStore> OpenAsync() =>
        Task.FromResult<ISweepStore>(new FaultyStore(new MemoryStore(_time), _ => _fault));

    protected override Task AdvanceAsync(TimeSpan by)
    {
        _time.Advance(by);
        return Task.CompletedTask;
    }
}
