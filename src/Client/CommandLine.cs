using System.CommandLine;
using Sweeps.Client.Commands;
using Sweeps.Core;

namespace Sweeps.Client;

/// <summary>The command line: one class a command, errors to stderr, an exit code per class of error.</summary>
internal static class CommandLine
{
    private const int Cancelled = 130;

    public static async Task<int> RunAsync(string[] args)
    {
        var verbose = new Option<bool>("--verbose") { Description = "Show stack traces of errors.", Recursive = true };
        var root = new RootCommand("Finds the best architecture, learning rate and batch size, and what each costs.")
        {
            verbose,
        };
        foreach (var command in Commands())
            root.Subcommands.Add(command);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"sweeps: {error.Message}");
            await Console.Error.WriteLineAsync("Try 'sweeps --help'.");
            return (int)ErrorKind.Usage;
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            return Cancelled;
        }
        catch (SweepsException error) when (!parsed.GetValue(verbose))
        {
            await Console.Error.WriteLineAsync($"sweeps: {error.Message}");
            return (int)error.Kind;
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync(parsed.GetValue(verbose)
                ? $"sweeps: {error}"
                : $"sweeps: {error.Message}\nTry again with --verbose for details.");
            return (int)((error as SweepsException)?.Kind ?? ErrorKind.Unexpected);
        }
    }

    /// <summary>Each command builds itself: options, help and action in one file of Commands/.</summary>
    private static IEnumerable<Command> Commands() =>
    [
        RunCommand.Create(), TrainCommand.Create(), DataCommand.Create(), ModelCommand.Create(), SchemaCommand.Create(),
    ];
}
