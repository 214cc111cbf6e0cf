using System.CommandLine;
using System.CommandLine.Invocation;
using Sweeps.Client.Dashboard;
using Sweeps.Client.Data;
using Sweeps.Client.Machine;
using Sweeps.Client.Networks;
using Sweeps.Client.Plots;
using Sweeps.Client.Report;
using Sweeps.Client.SavedModels;
using Sweeps.Client.Silos;
using Sweeps.Client.Stores;
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

/// <summary>Parses and runs a command: errors go to stderr, with an exit code for each class of error.</summary>
internal static class CommandLine
{
    /// <summary>The option that every command has.</summary>
    public const string Verbose = "--verbose";

    // In the order of the help.
    private static readonly OrderedDictionary<string, Func<Command>> s_commands = new()
    {
        ["preview"] = PreviewCommand.Create,
        ["run"] = RunCommand.Create,
        ["list"] = ListCommand.Create,
        ["show"] = ShowCommand.Create,
        ["report"] = ReportCommand.Create,
        ["ui"] = UiCommand.Create,
        ["plot"] = PlotCommand.Create,
        ["resume"] = ResumeCommand.Create,
        ["pause"] = PauseCommand.Create,
        ["cancel"] = CancelCommand.Create,
        ["export"] = ExportCommand.Create,
        ["verify"] = VerifyCommand.Create,
        ["silo"] = SiloCommand.Create,
        ["submit"] = SubmitCommand.Create,
        ["watch"] = WatchCommand.Create,
        ["silos"] = SilosCommand.Create,
        ["slots"] = SlotsCommand.Create,
        ["stop"] = StopCommand.Create,
        ["priority"] = PriorityCommand.Create,
        ["add"] = AddCommand.Create,
        ["drill"] = DrillCommand.Create,
        ["doctor"] = DoctorCommand.Create,
        ["train"] = TrainCommand.Create,
        ["evaluate"] = EvaluateCommand.Create,
        ["predict"] = PredictCommand.Create,
        ["data"] = DataCommand.Create,
        ["model"] = ModelCommand.Create,
        ["schema"] = SchemaCommand.Create,
        ["store"] = StoreCommand.Create,
        ["delete"] = DeleteCommand.Create,
    };

    /// <summary>Runs one command and returns its exit code.</summary>
    /// <param name="args">What the user typed.</param>
    /// <param name="output">Where results go; null: stdout.</param>
    /// <param name="error">Where errors, notes and progress go; null: stderr.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? error = null)
    {
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,
        };
        var verbose = new Option<bool>(Verbose)
        {
            Description = "Print stack traces of errors, and where the time of 'run' went.",
            Recursive = true,
        };
        var root = new RootCommand(
            "Find the best architecture, learning rate and batch size, and what each costs in training time.")
        {
            verbose,
        };
        var named = Array.Find(args, s_commands.ContainsKey);
        // Building all commands takes longer than many of them run.
        foreach (var (name, create) in s_commands)
        {
            if (named is null || named == name)
                root.Subcommands.Add(create());
        }

        HelpText.AddTo(root);
        var parsed = root.Parse(args);
        var used = parsed.CommandResult.Command;
        // A group of commands named alone is a question, not a mistake: its help is the answer, with exit code 0.
        if (used.Subcommands.Count > 0 && used.Action is null && parsed.Action is null or ParseErrorAction
            && parsed.UnmatchedTokens.Count == 0)
        {
            parsed = root.Parse([.. args, "--help"]);
        }

        var mistakes = parsed.Action is HelpText.IHelp
            ? [] : new UnknownWords(parsed, s_commands.Keys).Mistakes().ToList();
        if (mistakes.Count > 0)
        {
            foreach (var mistake in mistakes)
                await configuration.Error.WriteLineAsync($"sweeps: {mistake}");
            var path = used.Parents.OfType<Command>().Append(used).Where(command => command != root);
            var known = string.Concat(path.Select(command => $"{command.Name} "));
            await configuration.Error.WriteLineAsync($"Try 'sweeps {known}--help'.");
            return (int)ErrorKind.Usage;
        }

        if (parsed.Action is not HelpText.IHelp && StoreOption.PasswordNote(parsed) is { } note)
            await configuration.Error.WriteLineAsync($"note: {note}");
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
            // A sweep file can have several errors, each on a line.
            foreach (var line in error.Message.Split('\n'))
                await configuration.Error.WriteLineAsync($"sweeps: {line}");
            return (int)error.Kind;
        }
        catch (Exception error)
        {
            await configuration.Error.WriteLineAsync($"sweeps: {error.Message}\nTry again with --verbose for details.");
            return (int)ErrorKind.Unexpected;
        }
    }
}
