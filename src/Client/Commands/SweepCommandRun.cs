using System.CommandLine;
using Sweeps.Client.Display;
using Sweeps.Client.Reports;
using Sweeps.Client.Running;
using Sweeps.Core;
using Sweeps.Core.Analysis;
using Sweeps.Core.Specs;
using Sweeps.Core.Sweeps;
using Sweeps.Silo;
using Sweeps.Storage;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.Client.Commands;

/// <summary>Runs a sweep to its end or to an interruption and prints the answer: what 'run' and 'resume' share.</summary>
internal static class SweepCommandRun
{
    private const int Interrupted = 130;

    /// <param name="parsed">The command line.</param>
    /// <param name="options">Its options.</param>
    /// <param name="store">The open store.</param>
    /// <param name="sets">The data sets.</param>
    /// <param name="id">The sweep.</param>
    /// <param name="plan">Its plan; null: it was submitted before.</param>
    /// <param name="again">The command that goes on.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> FollowAsync(
        ParseResult parsed, RunOptions options, ISweepStore store, DataSets sets, string id, SweepPlan? plan, string again)
    {
        var stored = new SweepView(store, id);
        await stored.ReadAsync();
        var known = stored.State.Sequence > 0 ? stored.State.Plan : plan;
        if (plan is not null && stored.State.Sequence > 0 && stored.State.Plan != plan)
            throw Changed(id);
        var settings = Settings(parsed, options, store, known!);
        var trainer = new Trainer(sets);
        // Missing data is found before anything is started, and said once instead of once a trial.
        if (!stored.State.IsOver)
            sets.Load(new DataRequest(known!.Data, known.Label, known.Task));
        var numerics = stored.State.IsOver ? new SiloNumerics("") : Numerics.Measure(trainer);
        SweepState state;
        bool interrupted;
        using (var interrupt = new Interrupt())
        using (var display = DisplayOf(parsed.GetValue(options.Json)))
        {
            var runner = new SweepRunner(store, trainer, numerics, settings);
            state = await runner.RunAsync(id, plan, display, interrupt);
            interrupted = interrupt.InOrder.IsCancellationRequested;
        }

        return await AnswerAsync(parsed, options, store, state, interrupted, again);
    }

    private static async Task<int> AnswerAsync(
        ParseResult parsed, RunOptions options, ISweepStore store, SweepState state, bool interrupted, string again)
    {
        var id = state.Plan.Id;
        var json = parsed.GetValue(options.Json);
        var output = parsed.InvocationConfiguration.Output;
        var folder = parsed.GetValue(options.Output)
            ?? Path.Combine(StoreOption.FolderOf(store.Address), "results", id);
        IReadOnlyList<string> paths = state.IsOver ? await ResultFiles.WriteAsync(state, store, folder) : [];
        if (json)
            await output.WriteLineAsync(ResultsDocument.Of(state, all: false).ToJson(indented: false));
        else if (state.IsOver)
            new SweepPage(state, Screen.On(output)).Write();
        if (!json)
        {
            foreach (var path in paths)
                await output.WriteLineAsync($"written        {Path.GetRelativePath(Environment.CurrentDirectory, path)}");
        }

        if (!state.IsOver)
        {
            var done = state.CompletedTrials + state.FailedTrials;
            var why = state.Status == SweepStatus.Paused ? $" It is paused: {state.Reason}" : string.Empty;
            await Console.Error.WriteLineAsync(
                $"{done} of {state.PlannedTrials} trials are done and kept.{why} Go on with: "
                + (state.Status == SweepStatus.Paused ? $"sweeps resume {id}" : again));
        }

        return (state, interrupted) switch
        {
            ({ IsOver: false }, true) => Interrupted,
            ({ Status: SweepStatus.Completed, Selection.Best: not null }, _) => 0,
            _ => (int)ErrorKind.Sweep,
        };
    }

    private static SiloSettings Settings(ParseResult parsed, RunOptions options, ISweepStore store, SweepPlan plan)
    {
        var slots = parsed.GetValue(options.Slots)
            ?? SpecificationReader.Read(plan.Specification, plan.Id).Specification?.Slots
            ?? Environment.ProcessorCount;
        if (slots < 1)
            throw new SweepsException(ErrorKind.Usage, $"--slots {slots}: allowed are 1 to 1024.");
        return new() { Slots = slots, LogFolder = Path.Combine(StoreOption.FolderOf(store.Address), "logs") };
    }

    private static IProgressDisplay DisplayOf(bool json) => Console.IsErrorRedirected || json
        ? new PlainDisplay(Console.Error, TimeProvider.System)
        : new LiveDisplay(Console.Error);

    private static SweepsException Changed(string id) => new(
        ErrorKind.Usage,
        $"Sweep '{id}' was begun with another file or seed, and results of both would not fit together. "
        + $"Go on with the old one: sweeps resume {id}. Start the new one beside it: --fresh, or --name ID.");
}
