using Sweeps.Core.Analysis;
using Sweeps.Core.Sweeps;
using Sweeps.Storage;

namespace Sweeps.Client.Sweep.Progress;

/// <summary>Shows a sweep until it has ended, or is paused and nothing of it runs.</summary>
internal sealed class SweepFollower(
    ISweepStore store, SweepView view, ClusterActivities activities, IProgressDisplay display)
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);

    /// <summary>Follows it until then, or until told to stop.</summary>
    public async Task FollowAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var mark = store.Changes.Mark(view.Id);
            await view.ReadAsync(CancellationToken.None);
            await activities.RefreshAsync(CancellationToken.None);
            display.Show(view.State.Plan, SweepProgress.Of(view.State, activities.Slots), activities.Now);
            if (view.State.IsOver || view.State is { Status: SweepStatus.Paused, RunningTrials: 0 })
                return;
            await PauseAsync(mark, stop);
        }
    }

    // Not more often than a person can see, not less often than the slots' own progress is worth.
    private async Task PauseAsync(long mark, CancellationToken stop)
    {
        try
        {
            await Task.Delay(Redraw / 5, stop);
            await store.Changes.WaitAsync(view.Id, mark, Redraw, stop);
        }
        catch (OperationCanceledException)
        {
            // Told to stop while waiting: the loop sees it.
        }
    }
}
