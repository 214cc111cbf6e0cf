using System.CommandLine;
using Sweeps.Client.Data;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Silo;
using Sweeps.Store.Addresses;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Run;

/// <summary>
/// <c>sweeps run FILE</c>: runs a sweep in this process. The same command again resumes it.
/// </summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The sweep file, YAML or JSON." };
        var options = new RunOptions();
        var command = new Command("run", "Run a sweep on this machine, or resume it.") { file };
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed, parsed.GetRequiredValue(file), options));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string path, RunOptions options)
    {
        var phases = new PhaseClock();
        using var early = new EarlyInterrupt(parsed.InvocationConfiguration.Error);
        phases.End("start of the program");
        options.CheckOutput(parsed);
        var sets = DataOptions.Sets(parsed, DataFolders.FromEnvironment(parsed.GetValue(options.DataDir)));
        var trainer = new Trainer(sets);
        var native = Numerics.BeginNative(trainer);
        var file = await SweepSubmission.ReadAsync(parsed, path, options, sets);
        phases.End("sweep file");
        await using var store = await options.Store.OpenAsync(parsed);
        var (id, plan) = await SweepSubmission.OfAsync(file, parsed, options, store, sets);
        phases.End("store");
        return await new SweepCommandRun(parsed, options, store, trainer, sets)
        {
            Native = native,
            Again = CommandText.Again(parsed, id),
            Notes = file.Notes,
            Phases = phases,
            Early = early,
        }.FollowAsync(id, plan);
    }
}

/// <summary>Commands as the user can type them.</summary>
internal static class CommandText
{
    private static readonly string[] s_onceOnly = ["--fresh", "--json", CommandLine.Verbose];

    /// <summary>
    /// The command that resumes a run: what was typed, without options that would start another sweep; a fresh sweep is
    /// resumed by its id.
    /// </summary>
    public static string Again(ParseResult parsed, string id)
    {
        var typed = parsed.Tokens.Select(token => token.Value).ToList();
        // A password in the address must not be printed.
        if (typed.IndexOf("--store") + 1 is > 0 and var store && store < typed.Count)
            typed[store] = StoreAddress.Parse(typed[store]) is { Kind: StoreKind.Postgres } address
                ? $"{address}"
                : typed[store];
        return typed.Contains("--fresh")
            ? $"sweeps resume {id}"
            : $"sweeps {string.Join(' ', typed.Where(word => !s_onceOnly.Contains(word)).Select(Quote.Argument))}";
    }
}
