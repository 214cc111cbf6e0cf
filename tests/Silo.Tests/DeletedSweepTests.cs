using Sweeps.Core.Log;
using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests;

/// <summary>A sweep that is cancelled and deleted while a silo still trains it.</summary>
public sealed class DeletedSweepTests
{
    /// <summary>Its trainings hear of it after an epoch, or when they end.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sweep_DeletedUnderASilo_IsDroppedAndHoldsNothingUp(bool ends)
    {
        await using var store = new MemoryStore(TimeProvider.System);
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
}
