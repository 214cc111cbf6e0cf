using System.CommandLine;
using Sweeps.Client.Data;
using Sweeps.Client.Machine;
using Sweeps.Client.Networks;
using Sweeps.Client.Silos;
using Sweeps.Client.Sweep.Control;
using Sweeps.Client.Sweep.Preview;
using Sweeps.Client.Sweep.Proof;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Sweep.Run;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Client.Terminal;
using Sweeps.Core;

namespace Sweeps.Client;

/// <summary>The command line: one class a command, errors to stderr, an exit code per class of error.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <param name="args">What the user typed.</param>
    /// <param name="output">The answer's place; null: stdout.</param>
    /// <param name="error">The place of errors, notes and progress; null: stderr.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? error = null)
    {
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,
        };
        var verbose = new Option<bool>("--verbose") { Description = "Show stack traces of errors.", Recursive = true };
        var root = new RootCommand("Finds the best architecture, learning rate and batch size, and what each costs.")
        {
            verbose,
        };
        foreach (var command in Commands())
            root.Subcommands.Add(command);
        HelpText.AddTo(root);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var mistake in parsed.Errors)
                await configuration.Error.WriteLineAsync($"sweeps: {mistake.Message}");
            var known = parsed.CommandResult.Command is var used && used != root ? $"{used.Name} " : string.Empty;
            await configuration.Error.WriteLineAsync($"Try 'sweeps {known}--help'.");
            return (int)ErrorKind.Usage;
        }

        return await InvokeAsync(parsed, configuration, parsed.GetValue(verbose));
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, InvocationConfiguration configuration, bool verbose)
    {
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            return Interrupt.ExitCode;
        }
        catch (Exception error) when (verbose)
        {
            await configuration.Error.WriteLineAsync($"sweeps: {error}");
            return (int)((error as SweepsException)?.Kind ?? ErrorKind.Unexpected);
        }
        catch (SweepsException error)
        {
            await configuration.Error.WriteLineAsync($"sweeps: {error.Message}");
            return (int)error.Kind;
        }
        catch (Exception error)
        {
            await configuration.Error.WriteLineAsync($"sweeps: {error.Message}\nTry again with --verbose for details.");
            return (int)ErrorKind.Unexpected;
        }
    }

    /// <summary>
    /// Each command builds itself: options, help and action in one file of Commands/. In the order of the help.
    /// </summary>
    private static IEnumerable<Command> Commands() =>
    [
        PreviewCommand.Create(), RunCommand.Create(), ListCommand.Create(), ShowCommand.Create(),
        ResumeCommand.Create(), PauseCommand.Create(), CancelCommand.Create(), ExportCommand.Create(),
        VerifyCommand.Create(), SiloCommand.Create(), SubmitCommand.Create(), WatchCommand.Create(),
        SilosCommand.Create(), SlotsCommand.Create(), PriorityCommand.Create(), AddCommand.Create(),
        DrillCommand.Create(), DoctorCommand.Create(), TrainCommand.Create(), DataCommand.Create(),
        ModelCommand.Create(), SchemaCommand.Create(),
    ];
}
