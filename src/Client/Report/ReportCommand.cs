using System.CommandLine;
using Sweeps.Client.Data;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;
using Sweeps.Training.Data;

namespace Sweeps.Client.Report;

/// <summary><c>sweeps report ID</c>: a sweep as one page to look at, to hand in and to keep.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var id = SweepArgument.Create();
        var store = new StoreOption();
        var data = new DataOptions();
        var output = new Option<string?>("--output")
        {
            Description = $"The file. Default: {ReportPage.FileName} among the sweep's results.",
            HelpName = "file",
        };
        var open = new Option<bool>("--open") { Description = "Open it in the browser." };
        var json = new Option<bool>("--json")
        {
            Description = "Print what the page shows as one JSON object to stdout, and write no page.",
        };
        var command = new Command(
            "report", "Write a sweep as one HTML page that opens anywhere, offline: the answer, tables, charts.")
        {
            id, output, open, store.Option, data.DataDir, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(json) && (parsed.GetValue(output) is not null || parsed.GetValue(open)))
                throw new SweepsException(
                    ErrorKind.Usage, "--json writes no page; leave out --output and --open, or --json.");
            if (parsed.GetValue(output) is { } place)
                OutputPlace.CheckFile(output, place);
            await using var opened = await store.LookAsync(parsed);
            var sweep = parsed.GetRequiredValue(id);
            var sets = data.Sets(parsed);
            var folder = ResultFiles.FolderOf(opened.Address, sweep);
            var report = await SweepReport.ReadAsync(
                opened, sweep, folder, (plan, token) => LoadAsync(opened, sets, plan, token),
                cancellation: cancellation);
            foreach (var note in report.Notes)
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"note: {note}");
            if (parsed.GetValue(json))
            {
                Screen.WriteJson(parsed.InvocationConfiguration.Output, report);
                return 0;
            }

            var file = Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine(folder, ReportPage.FileName));
            var written = await ReportPage.WriteAsync(file, report);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(written.ToString());
            if (parsed.GetValue(open))
                BrowserStart.Open(file, "--open");
            return 0;
        });
        return command;
    }

    /// <summary>The data of a sweep, from its folder or out of the store.</summary>
    public static async Task<DataSet> LoadAsync(
        ISweepStore store, DataSets sets, SweepPlan plan, CancellationToken cancellation)
    {
        await sets.PrepareAsync(
            plan.DataNeeded().WithoutCode(), new SweepFiles(store, plan.Id).ReadAsync, cancellation);
        return sets.Load(plan);
    }
}
