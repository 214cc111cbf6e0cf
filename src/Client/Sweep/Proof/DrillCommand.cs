using System.CommandLine;
using System.Globalization;
using Sweeps.Client.Data;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Proof;

/// <summary><c>sweeps drill FILE</c>: kills silos during a sweep and shows what that costs.</summary>
internal static class DrillCommand
{
    /// <summary>What <c>drill --help</c> says below the options.</summary>
    public const string Details = """
        Starts silo processes of its own and kills only those; other silos of the store that train for every sweep take
        part.
        Leaves two sweeps in the store, ID-drill-N and ID-drill-N-killed, and changes nothing else.
        Exit code 5: the results differ.
        """;

    private const int KillsDefault = 3;
    private const int SilosAtOnce = 2;

    public static Command Create()
    {
        var file = new Argument<string>("file")
        {
            Description = "The sweep file, YAML or JSON; a sweep of about a minute is best.",
        };
        var options = new RunOptions();
        var kills = new Option<string?>("--kills") { Description = "Silos to kill. Default: 3.", HelpName = "n" };
        var command = new Command(
            "drill", "Fault drill: run a sweep twice, killing silos the second time, and compare results.")
        {
            file, kills, options.Store.Option, options.Slots, options.Set, options.Seed, options.Name,
            options.DataDir, options.Json,
        };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed, parsed.GetRequiredValue(file), kills, options, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, string path, Option<string?> kills, RunOptions options, CancellationToken cancellation)
    {
        var sets = DataOptions.Sets(parsed, DataFolders.FromEnvironment(parsed.GetValue(options.DataDir)));
        var count = (int)(parsed.Whole(kills, 1, 1000) ?? KillsDefault);
        var file = await SweepSubmission.ReadAsync(parsed, path, options, sets);
        var slots = options.SlotsOf(parsed, file.Specification).ToString(CultureInfo.InvariantCulture);
        var plan = file.Plan("drill", sets);
        sets.Load(plan);
        DrillSetup setup;
        await using (var store = await options.Store.OpenAsync(parsed, cancellation))
        {
            var name = SweepId.Of(file.NameOf(parsed.GetValue(options.Name))).Text;
            var id = await SweepSubmission.FreeIdAsync(store, number => $"{name}-drill-{number}", cancellation);
            setup = new()
            {
                Undisturbed = id,
                Disturbed = $"{id}-killed",
                Kills = count,
                Silos = SilosAtOnce,
                Store = parsed.GetValue(options.Store.Option),
                Command = (sweep, number) =>
                [
                    "silo", "--sweep", sweep, "--name", DrillSetup.NameOf(number), "--slots", slots,
                    .. Data(parsed, options),
                ],
            };
        }

        await using var looked = await options.Store.LookAsync(parsed);
        var drill = new Drill(setup, looked, line => parsed.InvocationConfiguration.Error.WriteLine(line))
        {
            Submit = async id =>
            {
                // Both sweeps must be trained, or there is nothing to compare.
                await using var store = await options.Store.OpenAsync(parsed, cancellation);
                await SubmitAsync(store, plan with { Id = id, Reuse = false }, sets, cancellation);
            },
        };
        var report = await drill.RunAsync(cancellation);
        if (parsed.GetValue(options.Json))
            DrillPage.WriteJson(report, parsed.InvocationConfiguration.Output);
        else
            DrillPage.Write(report, parsed.InvocationConfiguration.Output);
        return report.Holds ? 0 : (int)ErrorKind.Sweep;
    }

    private static async Task SubmitAsync(
        ISweepStore store, SweepPlan plan, DataSets sets, CancellationToken cancellation)
    {
        var (_, rejection) = await Steering.TryAsync(store, plan.Id, new SubmitSweep(plan), cancellation);
        if (rejection is not null)
            throw new SweepsException(ErrorKind.Sweep, $"Sweep {plan.Id} was rejected: {rejection.Message}");
        await new SweepFiles(store, plan.Id).KeepAsync(plan, sets.BytesOf, cancellation);
    }

    private static string[] Data(ParseResult parsed, RunOptions options) =>
        parsed.GetValue(options.DataDir) is { } folder ? ["--data-dir", folder] : [];
}
