using Sweeps.Client.Sweep.Progress;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Silo;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Run;

/// <summary>Runs a sweep with a silo in this process until it ends, is paused or the user interrupts.</summary>
internal sealed class SweepRunner(ISweepStore store, ITrainer trainer, SiloNumerics numerics, SiloSettings settings)
{
    private static readonly TimeSpan GraceInOrder = TimeSpan.FromSeconds(60);

    /// <summary>Whether resuming also tries again what has failed.</summary>
    public bool RetriesFailed { get; init; }

    /// <summary>Begins or goes on with a sweep and follows it.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="plan">Its plan; null: it was submitted before, and is resumed.</param>
    /// <param name="display">Shows it.</param>
    /// <param name="interrupt">The user's signals.</param>
    /// <returns>The sweep as it is in the end.</returns>
    public async Task<SweepState> RunAsync(string id, SweepPlan? plan, IProgressDisplay display, Interrupt interrupt)
    {
        var view = new SweepView(store, id);
        await view.ReadAsync();
        if (view.State.IsOver && (plan is null || plan == view.State.Plan))
            return view.State;
        await using var silo = await SiloHost.StartAsync(
            store, trainer, numerics, SpecificationPlan.SearcherOf, settings);
        var begun = plan is null
            ? await silo.Sweep(id).Resume(RetriesFailed)
            : await silo.Sweep(id).Submit(new(SweepPlanJson.Write(plan)));
        begun.ThrowIfNotDone();
        var activities = new ClusterActivities(store, id, silo);
        await new SweepFollower(store, view, activities, display).FollowAsync(interrupt.InOrder);
        if (interrupt.InOrder.IsCancellationRequested)
            await DrainAsync(silo, display, interrupt.AtOnce);
        await view.ReadAsync();
        return view.State;
    }

    private static async Task DrainAsync(SiloHost silo, IProgressDisplay display, CancellationToken atOnce)
    {
        display.Note("Stopping after the running epochs, with checkpoints. Ctrl-C again: at once.");
        var drained = silo.DrainAsync(GraceInOrder);
        var hurry = Task.Delay(Timeout.Infinite, atOnce).ContinueWith(_ => { }, TaskScheduler.Default);
        if (await Task.WhenAny(drained, hurry) == hurry)
            await silo.DrainAsync(TimeSpan.Zero);
        else
            await drained;
    }
}
