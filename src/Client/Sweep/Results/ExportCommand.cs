using System.CommandLine;
using Sweeps.Client.TensorBoard;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Results;

/// <summary><c>sweeps export ID</c>: the results for other programs, at any time.</summary>
internal static class ExportCommand
{
    private const string Parquet = "parquet";
    private const string TensorBoard = "tensorboard";

    public static Command Create()
    {
        var id = SweepArgument.Create();
        var store = new StoreOption();
        var format = OptionValues.Choice(
            "--format",
            "csv (columns of scikit-learn's cv_results_), history (CSV, every epoch of every trial), json "
                + "(everything), or, as files in a folder, parquet (both tables) or tensorboard. Default: csv.",
            "csv", "history", "json", Parquet, TensorBoard);
        var json = new Option<bool>("--json") { Description = "Same as --format json." };
        var path = new Option<string?>("--output")
        {
            Description = "Output file, default: stdout. With parquet and tensorboard a folder, default: among the "
                + "sweep's results.",
            HelpName = "path",
        };
        var command = new Command("export", "Write a sweep's results for other programs.")
        {
            id, format, path, store.Option, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var kind = parsed.GetValue(json) ? "json" : parsed.GetValue(format);
            if (parsed.GetValue(path) is { } place)
            {
                if (kind is Parquet or TensorBoard)
                    OutputPlace.CheckFolder(path, place);
                else
                    OutputPlace.CheckFile(path, place);
            }

            await using var opened = await store.LookAsync(parsed);
            var view = await SweepView.OpenAsync(opened, parsed.GetRequiredValue(id), cancellation: cancellation);
            if (kind is Parquet or TensorBoard)
            {
                await WriteFolderAsync(kind, parsed.GetValue(path), opened, view.State, parsed, cancellation);
                return 0;
            }

            if (parsed.GetValue(path) is { } file)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(
                    (await WriteAsync(file, kind, opened, view.State, cancellation)).ToString());
                return 0;
            }

            await WriteAsync(kind, opened, view.State, parsed.InvocationConfiguration.Output, cancellation);
            return 0;
        });
        return command;
    }

    private static async Task WriteFolderAsync(
        string kind, string? place, ISweepStore store, SweepState state, ParseResult parsed,
        CancellationToken cancellation)
    {
        var results = ResultFiles.FolderOf(store.Address, state.Plan.Id);
        var folder = place ?? (kind == TensorBoard ? Path.Combine(results, TensorBoard) : results);
        var output = parsed.InvocationConfiguration.Error;
        if (kind == TensorBoard)
        {
            var board = new BoardFolder(store, state.Plan.Id, folder);
            await board.WriteAsync(cancellation);
            await output.WriteLineAsync(
                $"{Figures.Count(board.Files, "log")} in {folder}; look at them with: tensorboard --logdir {folder}");
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            foreach (var file in await ResultFiles.WriteParquetAsync(
                Standings.Of(state), store, folder, cancellation))
                await output.WriteLineAsync(file.ToString());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"--output: the results of '{state.Plan.Id}' cannot be written to '{folder}': {error.Message}",
                error);
        }
    }

    private static async Task WriteAsync(
        string? kind, ISweepStore store, SweepState state, TextWriter output, CancellationToken cancellation)
    {
        if (kind == "history")
            await HistoryCsv.WriteAsync(store, state, output, cancellation);
        else if (kind == "json")
            await WriteJsonAsync(ResultFiles.Document(Standings.Of(state)), output);
        else
            ResultFiles.WriteCsv(Standings.Of(state), output);
    }

    private static Task WriteJsonAsync(ResultsDocument document, TextWriter output)
    {
        document.Write(output, indented: true);
        return output.WriteAsync('\n');
    }

    private static async Task<WrittenFile> WriteAsync(
        string file, string? kind, ISweepStore store, SweepState state, CancellationToken cancellation)
    {
        try
        {
            var written = new WrittenFile(file, File.Exists(file));
            await using var writer = new StreamWriter(file);
            if (kind == "json")
            {
                await ResultFiles.Document(Standings.Of(state)).WriteAsync(writer.BaseStream, cancellation);
                await writer.WriteAsync("\n");
            }
            else
            {
                await WriteAsync(kind, store, state, writer, cancellation);
            }

            return written;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"--output: the results of '{state.Plan.Id}' cannot be written to '{file}': {error.Message}",
                error);
        }
    }
}
