using System.CommandLine;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;

namespace Sweeps.Client.Sweep.Results;

/// <summary><c>sweeps export ID</c>: the results for other programs, at any time.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var id = SweepArgument.Create();
        var store = new StoreOption();
        var format = new Option<string>("--format")
        {
            Description = "csv (columns of scikit-learn's cv_results_) or json (everything).",
            HelpName = "csv|json",
            DefaultValueFactory = _ => "csv",
        };
        format.AcceptOnlyFromAmong("csv", "json");
        var json = new Option<bool>("--json") { Description = "Same as --format json." };
        var path = new Option<string?>("--output") { Description = "Output file. Default: stdout.", HelpName = "file" };
        var command = new Command("export", "Write a sweep's results as CSV or JSON.")
        {
            id, format, path, store.Option, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await store.LookAsync(parsed);
            var view = await SweepView.OpenAsync(opened, parsed.GetRequiredValue(id), cancellation: cancellation);
            var isJson = parsed.GetValue(json) || parsed.GetValue(format) == "json";
            var text = isJson ? ResultFiles.Json(view.State) + "\n" : ResultFiles.Csv(view.State);
            if (parsed.GetValue(path) is { } file)
                await WriteAsync(file, text, view.State.Plan, cancellation);
            else
                await parsed.InvocationConfiguration.Output.WriteAsync(text);
            return 0;
        });
        return command;
    }

    private static async Task WriteAsync(string file, string text, SweepPlan plan, CancellationToken cancellation)
    {
        try
        {
            await File.WriteAllTextAsync(file, text, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"--output: the results of '{plan.Id}' cannot be written to '{file}': {error.Message}",
                error);
        }
    }
}
