using Sweeps.Core.State;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests.Workers;

/// <summary>Signs of life depend on the store alone.</summary>
public sealed class HeartbeatsTests
{
    // Orleans gives up a call after 30 s.
    private static readonly TimeSpan s_beforeCallsEnd = TimeSpan.FromSeconds(25);

    /// <summary>As where the coordinator is on a silo that has stopped, and another silo is lost meanwhile.</summary>
    [Fact]
    public async Task Beats_WhileACoordinatorThatIsToHearOfALossDoesNotAnswer_GoOn()
    {
        using var answers = new ManualResetEventSlim(initialState: true);
        using var held = new SemaphoreSlim(0);
        using var beats = new SemaphoreSlim(0);
        await using var store = new FaultyStore(new MemoryStore(TimeProvider.System), call =>
        {
            if (call == StoreCall.Heartbeat)
                beats.Release();
            if (call == StoreCall.AppendEvents && !answers.IsSet)
            {
                held.Release();
                answers.Wait();
            }

            return StoreFault.None;
        });
        var trainer = new NoOpTrainer
        {
            BeforeEpoch = (_, _, cancellation) => cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(20)),
        };
        // Long enough that a busy machine loses nobody; a beat is due each 2 s.
        var settings = TestSweep.Settings() with { Lease = TimeSpan.FromSeconds(10) };
        await using var silo = await TestSweep.StartAsync(store, settings, trainer);
        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 20));
        await store.Silos.RegisterAsync(new("gone", "gone-1", "host", "1.0", 1, "test-numerics"));
        try
        {
            answers.Reset();
            Assert.True(await held.WaitAsync(TestSweep.Deadline));
            await store.Silos.LeaveAsync("gone-1");
            while (beats.Wait(0))
                continue;
            using var limit = new CancellationTokenSource(s_beforeCallsEnd);
            for (var beat = 0; beat < 5; beat++)
                await beats.WaitAsync(limit.Token);
        }
        finally
        {
            answers.Set();
        }

        var state = await TestSweep.EndAsync(store, "test");
        Assert.Equal(SweepStatus.Completed, state.Status);
        Assert.Equal(SiloState.Active, (await store.Silos.ListAsync()).Single(row => row.Name == "silo").State);
    }
}
