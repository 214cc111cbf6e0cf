using System.CommandLine;
using Sweeps.Client.Sweep.Progress;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Run;

/// <summary><c>sweeps watch ID</c>: follows a sweep from any machine that reaches its store.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan s_opening = TimeSpan.FromMinutes(5);

    public static Command Create()
    {
        var id = SweepArgument.Create();
        var store = new StoreOption();
        var json = JsonOption.Create();
        var output = new Option<string?>("--output")
        {
            Description = "Also write the results to this folder when the sweep ends. Default: none.",
            HelpName = "folder",
        };
        var command = new Command(
            "watch", "Follow a sweep until it ends, then print its report. Ctrl-C stops watching, not the sweep.")
        {
            id, store.Option, output, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            // A server that restarts is away for a while, where a wrong address is away for ever.
            var outage = new StoreOutage(parsed.InvocationConfiguration.Error.WriteLine, s_opening);
            await using var opened = await outage.OutlastAsync(
                _ => store.LookAsync(parsed), () => null, cancellation);
            return await WatchAsync(
                parsed, opened, parsed.GetRequiredValue(id), parsed.GetValue(output), parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<int> WatchAsync(
        ParseResult parsed, ISweepStore store, string id, string? folder, bool json)
    {
        var history = new TrialHistory();
        var view = await SweepView.OpenAsync(store, id, history);
        bool interrupted;
        using (var interrupt = new Interrupt())
        using (var display = ProgressDisplay.On(parsed.InvocationConfiguration.Error, json))
        {
            var activities = new ClusterActivities(store, id, own: null);
            await new SweepFollower(store, view, activities, display).FollowAsync(interrupt.InOrder);
            interrupted = interrupt.InOrder.IsCancellationRequested;
        }

        return await new SweepAnswer(parsed, store, folder ?? ResultFiles.FolderOf(store.Address, id))
        {
            Again = $"sweeps watch {id}",
            History = history,
            IsJson = json,
            WritesFiles = folder is not null,
        }.WriteAsync(view.State, interrupted);
    }
}
