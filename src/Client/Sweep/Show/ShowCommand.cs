using System.CommandLine;
using Spectre.Console;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Results;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Show;

/// <summary><c>sweeps show ID</c>: the current state of a sweep or of one of its trials.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var id = SweepArgument.Create();
        var store = new StoreOption();
        var trial = new Option<string?>("--trial")
        {
            Description = "One trial: CONFIGURATION/FOLD such as 3/0, 3/refit, 'refit', or its index.",
            HelpName = "trial",
        };
        var weights = new Option<bool>("--weights")
        {
            Description = "Draw the first layer of the best model, and write it as weights.png beside the results.",
        };
        var json = JsonOption.Create();
        var command = new Command("show", "Show a sweep at any time, finished or not, or one of its trials.")
        {
            id, trial, weights, store.Option, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await store.LookAsync(parsed);
            var sweep = parsed.GetRequiredValue(id);
            var isJson = parsed.GetValue(json);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(trial) is { } text)
                await ShowTrialAsync(opened, sweep, text, isJson, output, cancellation);
            else if (parsed.GetValue(weights))
                await ShowWeightsAsync(opened, sweep, isJson, output, cancellation);
            else
                await ShowSweepAsync(opened, sweep, isJson, output, cancellation);
            return 0;
        });
        return command;
    }

    private static async Task ShowSweepAsync(
        ISweepStore store, string id, bool json, TextWriter output, CancellationToken cancellation)
    {
        var view = await SweepView.OpenAsync(store, id, cancellation: cancellation);
        if (json)
        {
            ResultsDocument.Of(view.State, name: ArchitectureNames.Of(view.State.Plan).Full)
                .Write(output, indented: false);
            await output.WriteLineAsync();
            return;
        }

        var console = Screen.On(output);
        var (silos, refusals) = SweepSilosText.Of(
            await store.Silos.ListAsync(cancellation), id, SweepHeaders.HeadlineOf(view.State, best: null));
        new NowPage(view.State, await store.NowAsync(cancellation), silos, console) { Refusals = refusals }.Write();
        new SweepPage(view.State, console).Write();
    }

    private static async Task ShowWeightsAsync(
        ISweepStore store, string id, bool json, TextWriter output, CancellationToken cancellation)
    {
        var state = (await SweepView.OpenAsync(store, id, cancellation: cancellation)).State;
        if (await ResultFiles.ModelOfAsync(state, store) is not { } model)
            throw new SweepsException(
                ErrorKind.Sweep,
                $"Sweep '{id}' has no model yet: the refit at its end trains it (refit: true in the file).");
        var tiles = WeightPicture.TilesOf(state, state.RefitTrial!.Value, model) ?? throw new SweepsException(
            ErrorKind.Sweep, $"The first layer of the best model of '{id}' has no weights to draw.");
        var (path, refusal) = await KeepPictureAsync(ResultFiles.FolderOf(store.Address, id), tiles);
        if (json)
        {
            Screen.WriteJson(output, new { id, path, refusal, tiles.Height, tiles.Width, count = tiles.Tiles.Count });
            return;
        }

        var console = Screen.On(output);
        WeightPicture.Write(tiles, console);
        console.WriteLine("blue or dark: negative, red or light: positive, each unit scaled by its largest weight");
        var count = Figures.Count(tiles.Tiles.Count, "unit");
        console.WriteLine(path is null
            ? $"not written    weights.png: {refusal}"
            : $"written        {WrittenFile.Shown(path)}, with {count}");
    }

    /// <summary>The picture's path, or why there is none: who may only read a store still sees it.</summary>
    private static async Task<(string? Path, string? Refusal)> KeepPictureAsync(string folder, WeightTiles tiles)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var written = await ResultFiles.WriteAsync(folder, "weights.png", WeightPicture.ToPng(tiles));
            return (written.Path, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, error.Message);
        }
    }

    private static async Task ShowTrialAsync(
        ISweepStore store, string id, string text, bool json, TextWriter output, CancellationToken cancellation)
    {
        var history = new TrialHistory();
        var view = await SweepView.OpenAsync(store, id, history, cancellation);
        var trial = TrialName.Find(view.State, text);
        var rows = await store.Metrics.ReadTrialAsync(new(id, trial.Configuration, trial.Fold), cancellation);
        var record = new TrialRecord(view.State, trial, history.Of(trial), rows);
        if (json)
            Screen.WriteJson(output, record.Json());
        else
            new TrialPage(record, Screen.On(output)).Write();
    }
}
