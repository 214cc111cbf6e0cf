using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweeps.Client.Data;
using Sweeps.Client.Silos;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Silo.Telemetry;
using Sweeps.Store;
using Sweeps.Store.Contract;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Submission;

/// <summary><c>sweeps submit FILE</c>: submits a sweep to the silos of a store without waiting for it.</summary>
internal static class SubmitCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The sweep file, YAML or JSON." };
        var options = new RunOptions();
        var command = new Command("submit", "Submit a sweep to running silos; follow it with 'sweeps watch'.")
        {
            file,
        };
        foreach (var option in (Option[])[
            options.Store.Option, options.Name, options.Seed, options.Set, options.Fresh, options.NoReuse,
            options.KeepCheckpoints,
            options.DataDir, options.Json])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed, parsed.GetRequiredValue(file), options, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, string path, RunOptions options, CancellationToken cancellation)
    {
        var sets = DataOptions.Sets(parsed, DataFolders.FromEnvironment(parsed.GetValue(options.DataDir)));
        var file = await SweepSubmission.ReadAsync(parsed, path, options, sets, trainsHere: false);
        await using var store = await options.Store.OpenAsync(parsed, cancellation);
        var (id, plan) = await SweepSubmission.OfAsync(file, parsed, options, store, sets);
        if (await store.Log.FindAsync(id, cancellation) is not null)
            plan = SweepSubmission.Same((await SweepView.OpenAsync(store, id, null, cancellation)).State.Plan, plan);
        using var exporters = Exporters.Start("submit", sendsMetrics: false);
        using var span = SweepsTelemetry.Source.StartActivity("submit")?.SetTag("sweeps.sweep", id);
        var submit = new SubmitSweep(plan) { Trace = span?.Id };
        var (state, rejection) = await Steering.TryAsync(store, id, submit, cancellation);
        if (rejection is { Kind: not RejectionKind.Duplicate })
            throw SweepSubmission.Changed(state.Plan, plan);
        await new SweepFiles(store, id).KeepAsync(plan, sets.BytesOf, cancellation);
        var silos = (await store.Silos.ListAsync(cancellation)).Where(silo => silo.Trains(id)).ToList();
        Report(parsed, parsed.GetValue(options.Json) ? file.Notes : null, state, rejection is null, silos);
        return 0;
    }

    private static void Report(
        ParseResult parsed, IReadOnlyList<string>? jsonNotes, SweepState state, bool isNew, List<SiloRow> silos)
    {
        var output = parsed.InvocationConfiguration.Output;
        var holders = DataHolders.Of(state.Plan, silos);
        if (jsonNotes is not null)
        {
            Screen.WriteJson(output, new
            {
                id = state.Plan.Id,
                submitted = isNew,
                state = ConfigurationText.Word(state.Status),
                planned = state.Totals.Planned,
                configurations = state.Configurations,
                silos = silos.Count,
                slots = silos.Sum(silo => silo.Slots),
                data = new { with = holders.With, without = holders.Without, unknown = holders.Unknown },
                notes = jsonNotes,
            });
            return;
        }

        var what = $"{Figures.Count(state.Totals.Planned, "trial")} of "
            + Figures.Count(state.Configurations, "configuration");
        output.WriteLine(isNew
            ? $"{state.Plan.Id} submitted: {what}."
            : $"{state.Plan.Id} was already submitted and is {ConfigurationText.Word(state.Status)}: {what}.");
        if (state.Status == SweepStatus.Paused)
            output.WriteLine($"Let the silos go on with it: sweeps resume {state.Plan.Id} --detach");
        output.WriteLine(Next(state, silos));
        if (holders.Text(state.Plan) is { } text)
            output.WriteLine(text);
    }

    /// <summary>Who trains a sweep that was handed to silos, and the next step.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="silos">Those that live and are there for it.</param>
    public static string Next(SweepState state, IReadOnlyList<SiloRow> silos)
    {
        if (silos.Count == 0)
            return "No silo is running to train it; start one with: sweeps silo";
        var id = state.Plan.Id;
        var (_, refusals) = SweepSilosText.Of(silos, id, SweepHeaders.HeadlineOf(state, best: null));
        if (refusals.Count > 0)
            return $"Nobody trains it now: {string.Join(" ", SiloRefusal.Texts(refusals))}";
        var slots = silos.Sum(silo => silo.Slots);
        return $"{Figures.Count(silos.Count, "silo")} with {Figures.Count(slots, "slot")} "
            + $"{(silos.Count == 1 ? "is" : "are")} running. "
            + (slots == 0 ? "Give it slots with: sweeps slots NAME N" : $"Follow with: sweeps watch {id}");
    }
}

/// <summary>
/// A sweep file on its way to a store: 'preview', 'run', 'submit' and 'drill' read, check and note alike.
/// </summary>
internal sealed record SweepSubmission(string Id, SweepPlan Plan)
{
    private const int DifferencesShown = 5;

    /// <summary>
    /// Reads a sweep file, checks it against its data and prints the notes to stderr; nothing is stored before.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">The options that change it.</param>
    /// <param name="sets">Where its data are.</param>
    /// <param name="trainsHere">Whether this process trains: then the data must be here, and the file's <c>slots</c>
    /// has an effect.</param>
    public static async Task<SweepFile> ReadAsync(
        ParseResult parsed, string path, RunOptions options, DataSets sets, bool trainsHere = true)
    {
        var file = await SweepFile.Read(path, options.Overrides(parsed), sets, trainsHere)
            .WithWeightsAsync(options.Store, parsed, sets);
        foreach (var note in file.Notes)
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"note: {note}");
        return file;
    }

    /// <summary>Chooses the id and creates the plan.</summary>
    public static async Task<SweepSubmission> OfAsync(
        SweepFile file, ParseResult parsed, RunOptions options, ISweepStore store, DataSets sets)
    {
        var asked = parsed.GetValue(options.Name);
        var name = file.NameOf(asked);
        var slug = SweepId.Of(name);
        var id = slug.Text;
        if (slug.Note(name, asked is not null) is { } note)
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"note: {note}");
        if (parsed.GetValue(options.Fresh))
        {
            var fresh = await FreeIdAsync(store, number => number == 1 ? id : $"{id}-{number}");
            if (fresh == id)
                await parsed.InvocationConfiguration.Error.WriteLineAsync(
                    $"note: --fresh has no effect: the store has no sweep '{id}'");
            id = fresh;
        }
        else if (await store.Log.FindAsync(id) is null)
        {
            if (await store.Log.IsTakenAsync(id))
                throw StoreException.DeletedSweep(id);
            id = await FormerAsync(store, name) ?? id;
        }

        return new(id, file.Plan(id, sets));
    }

    /// <summary>The sweep that an earlier version stored under the id that it made of the name; null: none.</summary>
    private static async Task<string?> FormerAsync(ISweepStore store, string name) =>
        SweepId.Former(name) is { } former && await store.Log.FindAsync(former) is not null
        && (await SweepView.OpenAsync(store, former)).State.Plan.Name == name ? former : null;

    /// <summary>The stored plan, where the file asks for the same on the same data, in whatever folder.</summary>
    /// <exception cref="SweepsException">It asks for something else.</exception>
    public static SweepPlan Same(SweepPlan stored, SweepPlan plan) =>
        plan.Or(stored) == stored ? stored : throw Changed(stored, plan);

    /// <summary>The error for a file whose plan differs from the stored sweep of the same id.</summary>
    public static SweepsException Changed(SweepPlan stored, SweepPlan plan)
    {
        var names = new List<string>();
        Compare(JsonNode.Parse(stored.Specification), JsonNode.Parse(plan.Specification), string.Empty, names);
        names.RemoveAll(SpecificationPlan.KeysWithoutEffect.Contains);
        if (names.Count == 0 && plan.Content is { } now && stored.Content is { } before)
            return ChangedData(stored, plan, before, now);
        // The file may be the same and the data another.
        var where = names.Count == 0 ? "the data" : string.Join(", ", names.Take(DifferencesShown));
        var more = names.Count > DifferencesShown ? $" and {names.Count - DifferencesShown} more" : string.Empty;
        var kept = names is ["epochs"] && stored.KeepCheckpoints && plan.Reuse
            ? ": what this one trained and kept is not trained again"
            : string.Empty;
        return new(
            ErrorKind.Usage,
            $"Sweep '{plan.Id}' already exists with a different file or seed (differs in: {where}{more}). "
            + $"Resume the existing one with 'sweeps resume {plan.Id}', or start a new one with --fresh or --name ID"
            + $"{kept}.");
    }

    private static SweepsException ChangedData(
        SweepPlan stored, SweepPlan plan, DataContent before, DataContent now) => new(
        ErrorKind.Data,
        $"The data of sweep '{plan.Id}' have changed: it began with {Text(stored.Data, before)}; now there is "
        + $"{Text(plan.Data, now)}. Results on both would not be comparable, so nothing was trained. "
        + (before.Files().All(file => file.Travels())
            ? $"Resume on the copy that the store keeps: sweeps resume {plan.Id}. Or put the old file back, or "
            : "Put the old data back, or ")
        + "start a new sweep on the new data with --fresh.");

    private static string Text(string data, DataContent content) =>
        string.Create(CultureInfo.InvariantCulture, $"{data} with {content.Samples:N0} samples")
        + (content.Table is { } table
            ? string.Create(CultureInfo.InvariantCulture, $" ({table.Bytes:N0} bytes, SHA-256 {table.Digest[..12]}...)")
            : $" (SHA-256 {content.Digest[..12]}...)")
        + (content.Classes is { Count: <= DifferencesShown } classes ? $" of {string.Join(", ", classes)}" : "");

    private static void Compare(JsonNode? left, JsonNode? right, string path, List<string> names)
    {
        if (JsonNode.DeepEquals(left, right))
            return;
        if (left is not JsonObject one || right is not JsonObject other)
        {
            names.Add(path);
            return;
        }

        foreach (var key in one.Select(pair => pair.Key).Union(other.Select(pair => pair.Key)))
            Compare(one[key], other[key], path.Length == 0 ? key : $"{path}.{key}", names);
    }

    /// <summary>The first id that no sweep has, nor had before it was deleted.</summary>
    /// <param name="store">The store.</param>
    /// <param name="candidate">The ids to try, by their number from 1.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<string> FreeIdAsync(
        ISweepStore store, Func<int, string> candidate, CancellationToken cancellation = default)
    {
        for (var number = 1; ; number++)
        {
            if (!await store.Log.IsTakenAsync(candidate(number), cancellation))
                return candidate(number);
        }
    }
}
