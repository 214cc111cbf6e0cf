using System.CommandLine;
using System.Text.Json.Nodes;
using Sweeps.Client.Report;
using Sweeps.Client.Sweep.Preview;
using Sweeps.Client.Sweep.Progress;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Store.Contract;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Run;

/// <summary>What a command that followed a sweep prints last: the report, or how to resume.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="store">The open store.</param>
/// <param name="folder">The folder for the sweep's files.</param>
internal sealed class SweepAnswer(ParseResult parsed, ISweepStore store, string folder)
{
    /// <summary>The command that resumes.</summary>
    public required string Again { get; init; }

    /// <summary>Whether other silos go on with a sweep that has not ended.</summary>
    public bool OthersTrain { get; init; }

    /// <summary>One JSON object on stdout in place of the report.</summary>
    public bool IsJson { get; init; }

    /// <summary>What was noted on the sweep's file, for JSON; null: no file was read.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>Whether the result files are written.</summary>
    public bool WritesFiles { get; init; } = true;

    /// <summary>The attempts that the state was folded from.</summary>
    public required TrialHistory History { get; init; }

    /// <summary>Where the report's test set is; null: this command reads no data.</summary>
    public DataSets? Sets { get; init; }

    private TextWriter Output => parsed.InvocationConfiguration.Output;

    /// <summary>Prints it and returns the exit code.</summary>
    public async Task<int> WriteAsync(SweepState state, bool interrupted)
    {
        if (state.IsOver)
            await WriteReportAsync(state);
        else
            await WriteSoFarAsync(state);
        if (IsJson)
            await Output.WriteLineAsync(ResultsJson.Of(state, Kept(state), Notes));
        return (state, interrupted) switch
        {
            ({ IsOver: false }, true) => Interrupt.ExitCode,
            ({ Status: SweepStatus.Completed, Selection.Best: not null }, _) => 0,
            _ => (int)ErrorKind.Sweep,
        };
    }

    private KeptPrediction? Kept(SweepState state) => KeptPrediction.Read(folder, state.Plan);

    private async Task WriteReportAsync(SweepState state)
    {
        var standings = Standings.Of(state);
        // The answer first: to write the page may take as long as a network's answers to the whole test set.
        if (!IsJson)
            new SweepPage(state, Screen.On(Output))
            {
                Prediction = Kept(state)?.Against(state),
                Standings = standings,
            }.Write();
        if (!WritesFiles)
            return;
        var page = Task.Run(() => PageAsync(standings));
        var results = ResultFiles.WriteAsync(
            standings, store, folder, note => parsed.InvocationConfiguration.Error.WriteLine($"note: {note}"));
        await Task.WhenAll(page, results);
        if (IsJson)
            return;
        foreach (var file in results.Result.Concat(page.Result))
            await Output.WriteLineAsync(file.ToString());
    }

    // The results are in the store and printed all the same.
    private async Task<IReadOnlyList<WrittenFile>> PageAsync(Standings standings)
    {
        try
        {
            return [await ReportPage.WriteAsync(standings, History, store, folder, Sets)];
        }
        catch (SweepsException error)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"note: {error.Message}");
            return [];
        }
    }

    private async Task WriteSoFarAsync(SweepState state)
    {
        if (!IsJson)
            new SweepPage(state, Screen.On(Output)).WriteRanking();
        var isPaused = state.Status == SweepStatus.Paused;
        var why = isPaused ? $" The sweep is paused: {state.Reason?.TrimEnd('.')}." : string.Empty;
        await parsed.InvocationConfiguration.Error.WriteLineAsync(
            $"{ProgressText.Ended(state)}.{why} {(OthersTrain && !isPaused
                ? $"The sweep goes on at the other silos. Follow with: sweeps watch {state.Plan.Id}; "
                    + $"train here again with: {Again}"
                : $"Resume with: {(isPaused ? $"sweeps resume {state.Plan.Id}" : Again)}")}");
    }
}

/// <summary>The object of <c>run --json</c>: the results, with the prediction where there is one.</summary>
internal static class ResultsJson
{
    public static string Of(SweepState state, KeptPrediction? kept, IReadOnlyList<string>? notes)
    {
        var names = ArchitectureNames.Of(state.Plan);
        var results = ResultsDocument.Of(state, all: false, names.Full).ToJson(indented: false);
        if (kept is null && notes is null)
            return results;
        var document = JsonNode.Parse(results)!.AsObject();
        if (notes is not null)
            document["notes"] = new JsonArray([.. notes.Select(note => JsonValue.Create(note))]);
        if (kept is null)
            return document.ToJsonString();
        var check = kept.Against(state);
        document["prediction"] = new JsonObject
        {
            ["slots"] = kept.Prediction.Slots,
            ["wall_seconds"] = kept.Prediction.WallSeconds,
            ["train_seconds"] = kept.Prediction.TrainSeconds,
            ["measured_wall_seconds"] = check.WallSeconds,
            ["measured_train_seconds"] = check.TrainSeconds,
        };
        return document.ToJsonString();
    }
}
