using System.CommandLine;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Results;

/// <summary><c>sweeps export ID</c>: the results for other programs, at any time.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var id = SweepArgument.Create();
        var store = new StoreOption();
        var format = OptionValues.Choice(
            "--format",
            "csv (columns of scikit-learn's cv_results_), history (CSV, every epoch of every trial) or json "
                + "(everything). Default: csv.",
            "csv", "history", "json");
        var json = new Option<bool>("--json") { Description = "Same as --format json." };
        var path = new Option<string?>("--output") { Description = "Output file. Default: stdout.", HelpName = "file" };
        var command = new Command("export", "Write a sweep's results as CSV or JSON.")
        {
            id, format, path, store.Option, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(path) is { } place)
                OutputPlace.CheckFile(path, place);
            await using var opened = await store.LookAsync(parsed);
            var view = await SweepView.OpenAsync(opened, parsed.GetRequiredValue(id), cancellation: cancellation);
            var kind = parsed.GetValue(json) ? "json" : parsed.GetValue(format);
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

    private static Task WriteAsync(
        string? kind, ISweepStore store, SweepState state, TextWriter output, CancellationToken cancellation) =>
        kind switch
        {
            "json" => output.WriteAsync(ResultFiles.Json(state) + "\n"),
            "history" => HistoryCsv.WriteAsync(store, state, output, cancellation),
            _ => output.WriteAsync(ResultFiles.Csv(state)),
        };

    private static async Task<WrittenFile> WriteAsync(
        string file, string? kind, ISweepStore store, SweepState state, CancellationToken cancellation)
    {
        try
        {
            var written = new WrittenFile(file, File.Exists(file));
            await using var writer = new StreamWriter(file);
            await WriteAsync(kind, store, state, writer, cancellation);
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
