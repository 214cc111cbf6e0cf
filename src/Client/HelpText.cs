using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sweeps.Client;

/// <summary>What <c>sweeps --help</c> adds to the list of commands: how to begin, and the exit codes.</summary>
internal static class HelpText
{
    private const string Epilogue = """
        A first sweep, with data that need no download (about a minute):
          sweeps run examples/digits.yaml

        Interrupt it with Ctrl-C, run it again: it goes on where it was. Then look at it:
          sweeps list
          sweeps show digits
          sweeps show digits --trial 0/0

        Every command has --help, and most have --json: one object on stdout, names in snake_case.
        The answer goes to stdout; progress, notes and errors go to stderr.

        Exit codes:
            0  done
            1  something unexpected: worth a report
            2  the command line or the sweep file is wrong
            3  a data set is missing or damaged
            4  the store is missing, held by another process, damaged, full or out of reach
            5  the sweep has no best configuration, or a check did not hold
            6  something this machine needs is missing: sweeps doctor names it
          130  interrupted with Ctrl-C; what was done is kept
        """;

    public static void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new WithEpilogue((SynchronousCommandLineAction)help.Action!, root);
    }

    private sealed class WithEpilogue(SynchronousCommandLineAction plain, RootCommand root)
        : SynchronousCommandLineAction
    {
        // Help asks for no arguments: a command that requires one would complain instead.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = plain.Invoke(parseResult);
            if (parseResult.CommandResult.Command == root)
                parseResult.InvocationConfiguration.Output.WriteLine(Epilogue);
            return code;
        }
    }
}
