using Sweeps.Core;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Sqlite;

/// <summary>kill -9 at random moments: what was acknowledged is there, and the next process just goes on.</summary>
public sealed class SqliteCrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Speed", "slow")]
    public Task Append_KilledThreeTimes_KeepsEveryAcknowledgedEvent() => KillAsync(rounds: 3);

    [Fact]
    [Trait("Speed", "nightly")]
    public Task Append_KilledThirtyTimes_KeepsEveryAcknowledgedEvent() => KillAsync(rounds: 30);

    [Fact]
    public async Task Open_ReadOnlyWhileAnotherProcessWrites_SeesItsEventsAndRefusesWrites()
    {
        using var host = new HostProcess(_folder.Path);
        await host.ReadAsync(2);
        var address = StoreAddress.Parse(_folder.Path);
        var readOnly = new StoreOptions { Access = StoreAccess.ReadOnly };
        await using (var reader = await StoreFactory.OpenAsync(address, readOnly))
        {
            var first = (await reader.Log.FindAsync("sweep"))!.LastSequence;
            await host.ReadBeyondAsync(first);
            Assert.True((await reader.Log.FindAsync("sweep"))!.LastSequence > first);
            var mark = reader.Changes.Mark("sweep");
            Assert.True(await reader.Changes.WaitAsync("sweep", mark, TimeSpan.FromSeconds(20)));
            var refused = await Assert.ThrowsAnyAsync<SweepsException>(
                () => reader.Log.AppendAsync("b", 0, [new NewEvent("T", default)]));
            Assert.Contains("reading only", refused.Message, StringComparison.Ordinal);
        }

        await host.KillAsync();
        await using var store = await StoreFactory.OpenAsync(address);
        await Acknowledgements.CheckAsync(store, "sweep", host.Acknowledged);
    }

    [Fact]
    public async Task Close_AfterReadsAndWrites_LeavesOneWholeFile()
    {
        var address = StoreAddress.Parse(_folder.Path);
        await using (var store = await StoreFactory.OpenAsync(address))
        {
            await store.Log.AppendAsync("a", 0, [new NewEvent("T", default)]);
            Assert.Single(await store.Log.ReadAsync("a", 0));
        }

        var files = Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName).Order();
        Assert.Equal(["sweeps.db", "sweeps.db.lock"], files);
    }

    [Fact]
    public async Task Open_AfterCrash_DeclaresTheSilosOfTheDeadProcessLost()
    {
        var address = StoreAddress.Parse(_folder.Path);
        await using (var store = await StoreFactory.OpenAsync(address))
            await store.Silos.RegisterAsync(new SiloRegistration("a", "a#1", "here", "1", 2, "f"));
        await using var next = await StoreFactory.OpenAsync(address);
        Assert.Equal(SiloState.Lost, (await next.Silos.ListAsync())[0].State);
    }

    private async Task KillAsync(int rounds)
    {
        var random = new Random(7);
        var acknowledged = new List<(long First, long Last)>();
        for (var round = 0; round < rounds; round++)
        {
            using var host = new HostProcess(_folder.Path);
            await host.ReadAsync(1 + random.Next(1, 400));
            await host.KillAsync();
            acknowledged.AddRange(host.Acknowledged);
            await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_folder.Path));
            await Acknowledgements.CheckAsync(store, "sweep", acknowledged);
        }

        Assert.True(acknowledged.Count > 50 * rounds);
    }
}
