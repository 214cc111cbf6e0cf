using Sweeps.Core.Analysis;
using Sweeps.Core.Specs;
using Sweeps.Core.Sweeps;
using Sweeps.Core.Sweeps.Codec;
using Sweeps.Core.Training;
using Sweeps.Silo;
using Sweeps.Silo.Hosting;
using Sweeps.Storage;

namespace Sweeps.Client.Running;

/// <summary>Runs a sweep with a silo in this process until it ends, is paused or the user interrupts.</summary>
internal sealed class SweepRunner(ISweepStore store, ITrainer trainer, SiloNumerics numerics, SiloSettings settings)
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);
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
            store, trainer, numerics, SpecificationPlan.SourceOf, settings);
        var begun = plan is null
            ? await silo.Sweep(id).Resume(RetriesFailed)
            : await silo.Sweep(id).Submit(new(SweepPlanJson.Write(plan)));
        begun.ThrowIfNotDone();
        await FollowAsync(view, silo, display, interrupt.InOrder);
        if (interrupt.InOrder.IsCancellationRequested)
            await DrainAsync(silo, display, interrupt.AtOnce);
        await view.ReadAsync();
        return view.State;
    }

    private async Task FollowAsync(SweepView view, SiloHost silo, IProgressDisplay display, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var mark = store.Changes.Mark(view.Id);
            await view.ReadAsync(CancellationToken.None);
            display.Show(view.State.Plan, SweepProgress.Of(view.State, Math.Max(1, silo.SlotCount)), silo.Activities);
            if (view.State.IsOver)
                return;
            if (view.State.Status == SweepStatus.Paused && view.State.RunningTrials == 0)
                return;
            await PauseAsync(view.Id, mark, stop);
        }
    }

    // Not more often than a person can see, not less often than the slots' own progress is worth.
    private async Task PauseAsync(string id, long mark, CancellationToken stop)
    {
        try
        {
            await Task.Delay(Redraw / 5, stop);
            await store.Changes.WaitAsync(id, mark, Redraw, stop);
        }
        catch (OperationCanceledException)
        {
            // Told to stop while waiting: the loop sees it.
        }
    }

    private static async Task DrainAsync(SiloHost silo, IProgressDisplay display, CancellationToken atOnce)
    {
        display.Note("Stopping: each slot ends its epoch and keeps a checkpoint. Ctrl-C again stops at once.");
        var drained = silo.DrainAsync(GraceInOrder);
        var hurry = Task.Delay(Timeout.Infinite, atOnce).ContinueWith(_ => { }, TaskScheduler.Default);
        if (await Task.WhenAny(drained, hurry) == hurry)
            await silo.DrainAsync(TimeSpan.Zero);
        else
            await drained;
    }
}
