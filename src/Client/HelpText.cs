using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Sweeps.Client.Sweep.Proof;

namespace Sweeps.Client;

/// <summary>What <c>--help</c> adds: first steps and exit codes for the program, details for some commands.</summary>
internal static class HelpText
{
    private const string Epilogue = """
        A first sweep, on data that need no download (about a minute):
          sweeps run examples/digits.yaml

        Stop it with Ctrl-C and run it again: it resumes. Then look at the results:
          sweeps list
          sweeps show digits
          sweeps show digits --trial 0/0

        Every command has --help, and most have --json: one object on stdout, names in snake_case.
        Results go to stdout; progress, notes and errors go to stderr.

        Exit codes:
            0  success; also a silo that was told to stop, at any time
            1  unexpected error: please report it
            2  error in the command line or in the sweep file
            3  a data set is missing or damaged
            4  the store is missing, locked by another process, damaged, full or unreachable
            5  the sweep has no best configuration or is paused, or a check failed
            6  this machine lacks something: see 'sweeps doctor'
          130  interrupted with Ctrl-C; finished work is kept
        """;

    public static void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new WithEpilogue((SynchronousCommandLineAction)help.Action!, root);
    }

    /// <summary>The action that prints help, whatever else was typed.</summary>
    internal interface IHelp;

    private sealed class WithEpilogue(SynchronousCommandLineAction plain, RootCommand root)
        : SynchronousCommandLineAction, IHelp
    {
        // Otherwise a command with a required argument reports its absence instead of its help.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = plain.Invoke(parseResult);
            var command = parseResult.CommandResult.Command;
            if (command == root)
                parseResult.InvocationConfiguration.Output.WriteLine(Epilogue);
            else if (command.Name == "drill")
                parseResult.InvocationConfiguration.Output.WriteLine(DrillCommand.Details);
            return code;
        }
    }
}
