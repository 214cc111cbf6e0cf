using Sweeps.Core.Log;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests;

/// <summary>A sweep that is cancelled and deleted while a silo still trains it.</summary>
public sealed class DeletedSweepTests
{
    /// <summary>Its trainings hear of it after an epoch, or when they end.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Sweep_DeletedUnderASilo_IsDroppedAndHoldsNothingUp(bool ends, bool inFolder)
    {
        var folder = Directory.CreateTempSubdirectory("sweeps-deleted-");
        using var removed = new Removed(folder);
        await using ISweepStore store = inFolder
            ? await StoreFactory.OpenAsync(StoreAddress.Parse(folder.FullName))
            : new MemoryStore(TimeProvider.System);
        using var inEpoch = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        var trainer = new NoOpTrainer
        {
            BeforeEpoch = (_, epoch, cancellation) =>
            {
                inEpoch.Release();
                if (epoch == 1)
                    goOn.Wait(cancellation);
                else if (!ends)
                    cancellation.WaitHandle.WaitOne();
            },
        };
        await using var silo = await TestSweep.StartAsync(store, TestSweep.Settings(slots: 2), trainer);
        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 4));
        for (var slot = 0; slot < 2; slot++)
            Assert.True(await inEpoch.WaitAsync(TestSweep.Deadline));

        await TestSweep.ExecuteAsync(store, "test", new CancelSweep("enough"));
        await store.Log.DeleteAsync("test");
        goOn.Set();

        using var limit = new CancellationTokenSource(TestSweep.Deadline);
        while (silo.Activities.Count > 0)
            await Task.Delay(20, limit.Token);
        await silo.DrainAsync(TimeSpan.Zero);
    }

    private sealed class Removed(DirectoryInfo folder) : IDisposable
    {
        public void Dispose() => folder.Delete(recursive: true);
    }
}
