using System.CommandLine;
using System.CommandLine.Parsing;
using Sweeps.Core;
using Sweeps.Core.SweepFile;

namespace Sweeps.Client;

/// <summary>What is wrong with a command line, each with the nearest word that is right.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="commands">The program's commands.</param>
internal sealed class UnknownWords(ParseResult parsed, IReadOnlyCollection<string> commands)
{
    /// <summary>What other programs call a command.</summary>
    private static readonly Dictionary<string, string> s_commands = new(StringComparer.OrdinalIgnoreCase)
    {
        ["start"] = "run",
        ["sweep"] = "run",
        ["tune"] = "run",
        ["optimize"] = "run",
        ["search"] = "run",
        ["ls"] = "list",
        ["ps"] = "list",
        ["status"] = "show",
        ["results"] = "show",
        ["report"] = "show",
        ["dashboard"] = "ui",
        ["web"] = "ui",
        ["agent"] = "silo",
        ["worker"] = "silo",
        ["workers"] = "silos",
        ["stop"] = "pause",
        ["continue"] = "resume",
        ["kill"] = "cancel",
        ["fit"] = "train",
        ["check"] = "preview",
        ["validate"] = "preview",
        ["download"] = "data",
        ["dataset"] = "data",
        ["datasets"] = "data",
        ["arch"] = "model",
        ["models"] = "model",
        ["follow"] = "watch",
        ["log"] = "watch",
        ["save"] = "export",
        ["prune"] = "store",
        ["remove"] = "delete",
        ["rm"] = "delete",
        ["version"] = "--version",
    };

    private Command Command => parsed.CommandResult.Command;

    private bool IsGroup => Command.Subcommands.Count > 0;

    /// <summary>All mistakes, in the order typed.</summary>
    public IEnumerable<string> Mistakes()
    {
        var unmatched = parsed.UnmatchedTokens.ToList();
        // A parser that waits for an argument takes an option that it does not know for it.
        var taken = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument && IsOption(token.Value))
            .Select(token => token.Value).Except(unmatched).ToList();
        foreach (var option in taken)
            yield return Option(option);
        for (var i = 0; i < unmatched.Count; i++)
        {
            if (IsOption(unmatched[i]))
            {
                yield return Option(unmatched[i]);
                // Its value is no mistake of its own.
                while (i + 1 < unmatched.Count && !IsOption(unmatched[i + 1]))
                    i++;
            }
            else if (taken.Count == 0)
            {
                yield return Word(unmatched[i]);
                // What follows an unknown command is its own.
                if (IsGroup)
                    yield break;
            }
        }

        // Their absence follows from the mistakes above.
        if (taken.Count > 0 || (IsGroup && unmatched.Count > 0))
            yield break;
        var missing = Missing().ToList();
        if (missing.Count > 0)
            yield return $"'{Typed}' needs {string.Join(" and ", missing)}: {Typed} "
                + string.Join(' ', Command.Arguments.Select(NameOf));
        foreach (var error in parsed.Errors.Where(error => !unmatched.Exists(error.Message.Contains)
            && !(missing.Count > 0 && error.SymbolResult is ArgumentResult { Argument: var argument }
                && missing.Contains(NameOf(argument)))))
            yield return error.Message.ReplaceLineEndings(" ");
    }

    /// <summary>The command with those above it: <c>sweeps data show</c>.</summary>
    private string Typed => Command == parsed.RootCommandResult.Command ? "sweeps"
        : Command.Parents.OfType<Command>().FirstOrDefault() is { } group && group != parsed.RootCommandResult.Command
        ? $"sweeps {group.Name} {Command.Name}" : $"sweeps {Command.Name}";

    private static string NameOf(Argument argument) => (argument.HelpName ?? argument.Name).ToUpperInvariant();

    private IEnumerable<string> Missing() => Command.Arguments
        .Where(argument => argument.Arity.MinimumNumberOfValues > 0
            && parsed.CommandResult.GetResult(argument) is not { Tokens.Count: > 0 })
        .Select(NameOf);

    private static bool IsOption(string word) =>
        word.Length > 1 && word[0] == '-'
        && (char.IsAsciiLetter(word[1]) || word.StartsWith("--", StringComparison.Ordinal));

    private string Option(string typed)
    {
        var name = typed.Split('=')[0];
        var bare = name.TrimStart('-');
        var options = parsed.CommandResult.Command.Options
            .Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive))
            .Where(option => !option.Hidden)
            .SelectMany(option => option.Aliases.Prepend(option.Name))
            .Where(option => option.StartsWith("--", StringComparison.Ordinal)).ToList();
        var start = $"'{Quote.Short(name)}' is not an option of '{Typed}'";
        var meant = options.Find(option => option[2..] == SweepVocabulary.ParameterOf(bare)?.Replace('_', '-'))
            ?? options.Find(option => option[2..] == SweepVocabulary.KeyOf(bare)?.Replace('_', '-'))
            ?? (NearestName.Find(bare, options.Select(option => option[2..])) is { } nearest ? $"--{nearest}" : null);
        if (meant is not null)
            return $"{start}; did you mean '{meant}'?";
        if (bare == "slots")
            return $"{start}: the silos that train have slots of their own; see 'sweeps silo --slots' and 'sweeps "
                + "slots'";
        return options.Contains("--set") && SweepVocabulary.KeyOf(bare) is { } key
            ? $"{start}; it is in the file: write --set {key}=VALUE"
            : $"{start}; its options: {string.Join(", ", options.Order(StringComparer.Ordinal))}";
    }

    private string Word(string word)
    {
        var names = Command == parsed.RootCommandResult.Command
            ? commands : [.. Command.Subcommands.Select(command => command.Name)];
        if (names.Count == 0)
            return $"'{Quote.Short(word)}' is one argument too many for '{Typed}'; "
                + "put quotes around a text with spaces";
        var meant = s_commands.GetValueOrDefault(word) is { } known
            && (names.Contains(known) || (known[0] == '-' && names.Contains("run"))) ? known
            : NearestName.Find(word, names);
        var start = $"'{Quote.Short(word)}' is not a command";
        if (meant is not null)
            return $"{start}; did you mean '{meant}'?";
        return File.Exists(word) && names.Contains("run")
            ? $"{start}; to run the file write: sweeps run {word}"
            : $"{start}; the commands: {string.Join(", ", names)}";
    }
}
