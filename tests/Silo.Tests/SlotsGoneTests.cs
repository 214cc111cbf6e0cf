using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests;

/// <summary>A silo that is told to have no slots.</summary>
public sealed class SlotsGoneTests
{
    private const int Configurations = 60;
    private const int Free = 30;

    /// <summary>Some trials wait for its slot, as short ones do: they are trained by another silo.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public async Task Slots_TakenAway_WhatWaitsGoesElsewhere()
    {
        var trained = 0;
        using var goesOn = new ManualResetEventSlim();
        var held = new NoOpTrainer
        {
            BeforeEpoch = (_, _, _) =>
            {
                if (Interlocked.Increment(ref trained) > Free)
                    goesOn.Wait(TimeSpan.FromSeconds(60), CancellationToken.None);
            },
        };
        await using var store = new MemoryStore(TimeProvider.System);
        // So far ahead that they count as short also where the processor is busy.
        var ahead = TestSweep.Settings("first", 1) with { Prefetch = TimeSpan.FromMinutes(1) };
        await using var first = await TestSweep.StartAsync(store, ahead, held);
        await TestSweep.SubmitAsync(first, TestSweep.Plan(Configurations));
        await UntilAsync(() => Volatile.Read(ref trained) > Free && first.Activities.Any(trial => trial.Slot < 0));

        Assert.True(await store.Silos.RequestSlotsAsync("first", 0));
        await UntilAsync(() => first.SlotCount == 0);
        goesOn.Set();
        await UntilAsync(() => first.Activities is []);
        await using var second = await TestSweep.StartAsync(store, TestSweep.Settings("second", 1), new NoOpTrainer());
        var state = await TestSweep.EndAsync(store, "test");

        Assert.Equal(state.Completion!.Audit.Planned, state.Completion.Audit.Completed);
        Assert.Equal(0, state.Completion.Audit.Lost);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds())
            await Task.Delay(20, limit.Token);
    }
}
