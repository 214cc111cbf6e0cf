using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Sweep.Results;

/// <summary>Writes a sweep's result files: tables, the best model and the file that reproduces it.</summary>
internal static class ResultFiles
{
    /// <summary>The default folder of a sweep's result files, beside the store.</summary>
    public static string FolderOf(StoreAddress address, string id) =>
        Path.Combine(StoreOption.FolderOf(address), "results", id);

    /// <summary>Writes all files that the sweep's state allows and says which.</summary>
    /// <param name="standings">The sweep.</param>
    /// <param name="store">Where its model is.</param>
    /// <param name="folder">Where the files go; made if need be.</param>
    /// <param name="note">Takes the reason where the model cannot be read; all other files are written.</param>
    public static async Task<IReadOnlyList<WrittenFile>> WriteAsync(
        Standings standings, ISweepStore store, string folder, Action<string> note)
    {
        var state = standings.State;
        try
        {
            Directory.CreateDirectory(folder);
            var paths = new List<WrittenFile>
            {
                await WriteAsync(folder, "results.csv", async file =>
                {
                    await using var writer = new StreamWriter(file, leaveOpen: true);
                    WriteCsv(standings, writer);
                }),
                await WriteAsync(folder, "results.json", file => Document(standings).WriteAsync(file)),
                await WriteAsync(folder, "sweep.yaml", Yaml(state.Plan)),
            };
            var saved = await ReadableModelAsync(state, store, note);
            if (state.RefitTrial is { } refit && state.ResultOf(refit)?.Test is { Confusion: { } confusion } test)
            {
                var names = state.Plan.ClassNames() ?? (saved is null ? null : ClassNamesText.OfModel(saved));
                paths.Add(await WriteAsync(
                    folder, "confusion.csv", ConfusionPage.Csv(confusion, test.Classes, names)));
            }

            if (saved is { } model)
            {
                paths.Add(await WriteAsync(folder, "model.safetensors", model));
                if (WeightPicture.TilesOf(state, state.RefitTrial!.Value, model) is { } tiles)
                    paths.Add(await WriteAsync(folder, "weights.png", WeightPicture.ToPng(tiles)));
            }

            paths.Add(await WriteAsync(folder, "history.csv", async file =>
            {
                await using var writer = new StreamWriter(file, leaveOpen: true);
                await HistoryCsv.WriteAsync(store, state, writer);
            }));
            paths.AddRange(await WriteParquetAsync(standings, store, folder));
            return paths;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Store,
                $"The results of '{state.Plan.Id}' cannot be written to '{folder}': {error.Message} The store has "
                + "them: choose another folder with --output, or print them with 'sweeps export'.",
                error);
        }
    }

    /// <summary>Writes the tables for notebooks into a folder that is there.</summary>
    public static async Task<IReadOnlyList<WrittenFile>> WriteParquetAsync(
        Standings standings, ISweepStore store, string folder, CancellationToken cancellation = default) =>
    [
        await WriteAsync(
            folder, ParquetTables.ResultsFile,
            file => ParquetTables.WriteResultsAsync(standings, file, cancellation)),
        await WriteAsync(
            folder, ParquetTables.HistoryFile,
            file => ParquetTables.WriteHistoryAsync(store, standings.State, file, cancellation)),
    ];

    // The results do not depend on it, and retraining gives it again.
    private static async Task<byte[]?> ReadableModelAsync(SweepState state, ISweepStore store, Action<string> note)
    {
        try
        {
            return await ModelOfAsync(state, store);
        }
        catch (SweepsException error)
        {
            note($"the best model is not written: {error.Message} A --fresh run trains it again.");
            return null;
        }
    }

    /// <summary>The refit's model, as safetensors; null: there is none.</summary>
    public static async Task<byte[]?> ModelOfAsync(SweepState state, ISweepStore store) =>
        state.RefitTrial is { } refit
            ? await store.Artifacts.ReadAsync(
                new ArtifactKey(new(state.Plan.Id, refit.Configuration, refit.Fold), ArtifactKey.Model))
            : null;

    /// <summary>All results.</summary>
    public static ResultsDocument Document(Standings standings) =>
        ResultsDocument.Of(standings, name: ArchitectureNames.Of(standings.State.Plan).Full);

    /// <summary>One row for each configuration, with scikit-learn's <c>cv_results_</c> column names.</summary>
    public static void WriteCsv(Standings standings, TextWriter output)
    {
        output.NewLine = "\n";
        CvResults.Write(standings, output, ArchitectureNames.Of(standings.State.Plan).Full);
    }

    /// <summary>The file that is the same sweep again, under the same id whatever it is called.</summary>
    public static string Yaml(SweepPlan plan)
    {
        var specification = plan.ReadSpecification();
        return SpecificationWriter.ToYaml(specification.Name is { } name && SweepId.TryOf(name)?.Text == plan.Id
            ? specification
            : specification with { Name = plan.Id });
    }

    private static Task<WrittenFile> WriteAsync(string folder, string name, string text) =>
        WriteAsync(folder, name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Writes one file and renames it into place, so that a reader never sees a part of it.</summary>
    public static Task<WrittenFile> WriteAsync(string folder, string name, byte[] bytes) =>
        WriteAsync(folder, name, file => file.WriteAsync(bytes).AsTask());

    private static async Task<WrittenFile> WriteAsync(string folder, string name, Func<Stream, Task> write)
    {
        var path = Path.Combine(folder, name);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        await using (var file = File.Create(temporary))
            await write(file);
        var written = new WrittenFile(path, File.Exists(path));
        File.Move(temporary, path, overwrite: true);
        return written;
    }
}
