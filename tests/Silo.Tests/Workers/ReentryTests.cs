using Sweeps.Core.State;
using Sweeps.Store.Doubles;

namespace Sweeps.Silo.Tests.Workers;

/// <summary>A silo that the others declared lost drops its work and goes on as another incarnation.</summary>
public sealed class ReentryTests
{
    private static readonly TimeSpan Epoch = TimeSpan.FromMilliseconds(20);

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Silo_DeclaredLostAgainAndAgain_LeavesNoTrialBehind()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        var trainer = new Sweeps.Tests.NoOpTrainer
        {
            BeforeEpoch = (_, _, cancellation) => cancellation.WaitHandle.WaitOne(Epoch),
            EpochSeconds = 1,
        };
        await using var silo = await TestSweep.StartAsync(store, TestSweep.Settings(slots: 4), trainer);
        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 40));
        var incarnations = new HashSet<string>();
        var ended = TestSweep.EndAsync(store, "test");
        while (incarnations.Count < 6 && !ended.IsCompleted)
        {
            // Barrier: the next blow falls when the silo is at work under its new incarnation.
            var state = await TestSweep.ReadAsync(store, "test");
            if (state.SilosAtWork.Any(id => incarnations.Add(id.Incarnation)))
                await store.Silos.ExpireAsync(TimeSpan.Zero, judge: null);
            await Task.Yield();
        }

        var end = await ended;

        Assert.Equal(SweepStatus.Completed, end.Status);
        Assert.Equal((121, 0), (end.Completion!.Audit.Completed, end.Completion.Audit.Lost));
        Assert.True(incarnations.Count > 1);
    }
}
