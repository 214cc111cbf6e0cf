using System.CommandLine;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Control;

/// <summary><c>sweeps delete ID</c>: removes an ended sweep from the store, for good.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var id = SweepArgument.Create();
        var store = new StoreOption();
        var json = JsonOption.Create();
        var yes = new Option<bool>("--yes") { Description = "Delete; without it, only tell what would go." };
        var command = new Command("delete", "Remove an ended sweep from the store: log, curves and models.")
        {
            id, yes, store.Option, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var sweep = parsed.GetRequiredValue(id);
            await using var opened = await store.ChangeAsync(parsed, cancellation);
            var view = await SweepView.OpenAsync(opened, sweep, cancellation: cancellation);
            if (!view.State.IsOver)
                throw StoreException.OpenSweep(sweep);
            var artifacts = await opened.Artifacts.ListAsync(sweep, cancellation);
            if (!parsed.GetValue(yes))
                throw new SweepsException(
                    ErrorKind.Usage,
                    $"This removes '{sweep}' for good: {Figures.Count(view.State.Totals.Completed, "result")}, "
                    + $"{Figures.Count(artifacts.Count, "file")} of "
                    + $"{ByteSize.Text(artifacts.Sum(artifact => artifact.Bytes))}. Add --yes to do it.");
            if (await DeleteAsync(opened, sweep, artifacts, cancellation) is { } left)
                await parsed.InvocationConfiguration.Error.WriteLineAsync(
                    $"note: {left} could not be removed. It holds what was read of '{sweep}'; remove it yourself.");
            Report(parsed, parsed.GetValue(json), sweep, artifacts);
            return 0;
        });
        return command;
    }

    /// <summary>Files first: an interrupted deletion is done by the same command again.</summary>
    /// <returns>The kept state that could not be removed; null: nothing is left.</returns>
    private static async Task<string?> DeleteAsync(
        ISweepStore store, string sweep, IReadOnlyList<ArtifactReference> artifacts, CancellationToken cancellation)
    {
        foreach (var artifact in artifacts)
            await store.Artifacts.ReleaseAsync(artifact.Key, artifact.Attempt, cancellation);
        KeptStates.Forget(store.Address, sweep);
        await store.Log.DeleteAsync(sweep, cancellation);
        // Somebody who read the sweep meanwhile may have kept it again.
        return KeptStates.Forget(store.Address, sweep);
    }

    private static void Report(
        ParseResult parsed, bool json, string sweep, IReadOnlyList<ArtifactReference> artifacts)
    {
        var output = parsed.InvocationConfiguration.Output;
        var bytes = artifacts.Sum(artifact => artifact.Bytes);
        if (json)
            Screen.WriteJson(output, new { id = sweep, files = artifacts.Count, bytes });
        else
            output.WriteLine(
                $"deleted '{sweep}' with {Figures.Count(artifacts.Count, "file")} of {ByteSize.Text(bytes)}. What runs "
                + "wrote into result folders stays; its id is not given out again.");
    }
}
