using System.CommandLine;
using Spectre.Console;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Grains.Coordination;
using Sweeps.Silo;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Stores;

/// <summary><c>sweeps store</c>: what a store holds; <c>sweeps store prune</c>: removes what no sweep needs.</summary>
internal static class StoreCommand
{
    // Longer than any upload takes: a younger unreferenced blob may be one whose name is about to be written.
    private static readonly TimeSpan s_blobGrace = TimeSpan.FromHours(1);

    public static Command Create()
    {
        var store = new StoreOption { Option = { Recursive = true } };
        var json = JsonOption.Create();
        json.Recursive = true;
        var kept = new Option<bool>("--kept-checkpoints")
        {
            Description = "Also free the checkpoints that ended sweeps keep for more epochs (keep_checkpoints).",
        };
        var prune = new Command(
            "prune", "Remove checkpoints of ended sweeps, unreferenced files and silos not seen for a week.")
        {
            kept,
        };
        prune.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await store.ChangeAsync(parsed, cancellation);
            Write(parsed, parsed.GetValue(json), await PruneAsync(opened, parsed.GetValue(kept), cancellation));
            return 0;
        });
        var show = new Command("show", "The same as 'sweeps store' alone.");
        var command = new Command("store", "Show what a store is, what it holds and how large it is.")
        {
            store.Option, json, show, prune,
        };
        foreach (var shown in (Command[])[command, show])
        {
            shown.SetAction(async (parsed, cancellation) =>
            {
                await using var opened = await store.LookAsync(parsed);
                var content = await StoreContent.OfAsync(opened, cancellation);
                var output = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(json))
                    Screen.WriteJson(output, content);
                else
                    content.Write(Screen.On(output));
                return 0;
            });
        }

        return command;
    }

    private static async Task<Pruned> PruneAsync(ISweepStore store, bool freesKept, CancellationToken cancellation)
    {
        var (checkpoints, bytes) = (0, 0L);
        var kept = new List<ArtifactReference>();
        var freed = 0;
        foreach (var sweep in await store.Log.ListAsync(cancellationToken: cancellation))
        {
            // No attempt of an ended sweep is started again, so that nothing resumes from its checkpoints.
            if (sweep.Header.IsOpen)
                continue;
            var released = await Leftovers.ReleaseCheckpointsAsync(store, sweep.Id, cancellation);
            (checkpoints, bytes) = (checkpoints + released.Count, bytes + released.Bytes);
            kept.AddRange((await store.Artifacts.ListAsync(sweep.Id, cancellation))
                .Where(artifact => artifact.Key.Name == ArtifactKey.KeptCheckpoint));
            if (freesKept)
                freed += (await Leftovers.ReleaseKeptCheckpointsAsync(store, sweep.Id, cancellation)).Count;
        }

        var keptBytes = StoreContent.BytesOf(kept);

        var blobs = await store.Artifacts.PruneAsync(s_blobGrace, cancellation);
        var silos = await store.Silos.ForgetAsync(SiloSettings.KeptFor, cancellation);
        return new(
            checkpoints, freed, blobs.Blobs, bytes + blobs.Bytes + (freesKept ? keptBytes : 0), silos,
            freesKept ? 0 : kept.Count, freesKept ? 0 : keptBytes);
    }

    private static void Write(ParseResult parsed, bool json, Pruned pruned)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (json)
        {
            Screen.WriteJson(output, pruned);
            return;
        }

        var freed = pruned.KeptCheckpoints > 0
            ? $" and {Figures.Count(pruned.KeptCheckpoints)} that were kept for more epochs"
            : string.Empty;
        Screen.On(output).WriteLine(
            $"freed {ByteSize.Text(pruned.FreedBytes)}: {Figures.Count(pruned.Checkpoints, "checkpoint")} of ended "
            + $"sweeps{freed}, {Figures.Count(pruned.Files, "unreferenced file")}; removed "
            + $"{Figures.Count(pruned.Silos, "silo")} not seen for a week");
        if (pruned.StillKept > 0)
            Screen.On(output).WriteLine(
                $"left {Figures.Count(pruned.StillKept, "checkpoint")} of {ByteSize.Text(pruned.StillKeptBytes)} that "
                + "ended sweeps keep for more epochs; --kept-checkpoints frees them too");
    }

    private sealed record Pruned(
        int Checkpoints, int KeptCheckpoints, int Files, long FreedBytes, int Silos, int StillKept,
        long StillKeptBytes);
}

/// <summary>What a store holds, by kind.</summary>
/// <param name="Store">Its address.</param>
/// <param name="SchemaVersion">The version of its tables; null: it is in memory.</param>
/// <param name="Sweeps">Number of sweeps.</param>
/// <param name="SweepsByState">Their numbers by state.</param>
/// <param name="Events">Events of their logs.</param>
/// <param name="MetricRows">One for each epoch of each attempt.</param>
/// <param name="Artifacts">Checkpoints, models, sweeps' own data and others.</param>
/// <param name="ArtifactBytes">Size of their contents together, each counted once.</param>
/// <param name="Silos">Silos, also those that left.</param>
/// <param name="DatabaseBytes">Size of the database; null: it is in memory.</param>
/// <param name="KeptStateBytes">Size of the states that <c>show</c> keeps beside it; null: none can be.</param>
internal sealed record StoreContent(
    string Store,
    int? SchemaVersion,
    int Sweeps,
    IReadOnlyDictionary<string, int> SweepsByState,
    long Events,
    long MetricRows,
    IReadOnlyList<StoredArtifacts> Artifacts,
    long ArtifactBytes,
    int Silos,
    long? DatabaseBytes,
    long? KeptStateBytes)
{
    public static async Task<StoreContent> OfAsync(ISweepStore store, CancellationToken cancellation)
    {
        var sweeps = await store.Log.ListAsync(cancellationToken: cancellation);
        var artifacts = new List<ArtifactReference>();
        var rows = 0L;
        foreach (var sweep in sweeps)
        {
            artifacts.AddRange(await store.Artifacts.ListAsync(sweep.Id, cancellation));
            rows += (await store.Metrics.ReadAsync(sweep.Id, cancellation)).Count;
        }

        var kinds = artifacts.GroupBy(artifact => artifact.Key.Name.Split('/')[0], StringComparer.Ordinal)
            .OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => new StoredArtifacts(kind.Key, kind.Count(), BytesOf(kind)));
        var states = (await SweepListing.OfAsync(store, cancellation)).CountBy(sweep => sweep.State)
            .OrderBy(state => state.Key, StringComparer.Ordinal).ToDictionary();
        var database = await store.DescribeAsync(cancellation);
        return new(
            store.Address.ToString(), database?.SchemaVersion, sweeps.Count, states,
            sweeps.Sum(sweep => sweep.LastSequence), rows, [.. kinds], BytesOf(artifacts),
            (await store.Silos.ListAsync(cancellation)).Count, database?.Bytes, KeptStates.BytesOf(store.Address));
    }

    public void Write(IAnsiConsole console)
    {
        console.WriteLine($"store          {Store}" + (SchemaVersion is { } version ? $", schema {version}" : ""));
        var states = string.Join(", ", SweepsByState.Select(state => $"{Figures.Count(state.Value)} {state.Key}"));
        console.WriteLine($"sweeps         {(Sweeps == 0 ? "none" : states)}");
        console.WriteLine($"log            {Figures.Count(Events, "event")}");
        console.WriteLine($"metrics        {Figures.Count(MetricRows, "row")}");
        console.WriteLine($"silos          {Figures.Count(Silos)}, also those that left");
        if (DatabaseBytes is { } bytes)
            console.WriteLine($"database       {ByteSize.Text(bytes)} of log, metrics and silos");
        if (KeptStateBytes is > 0 and { } kept)
            console.WriteLine($"states         {ByteSize.Text(kept)} kept beside it, so that large sweeps show sooner");
        console.WriteLine($"artifacts      {ByteSize.Text(ArtifactBytes)}");
        foreach (var kind in Artifacts)
        {
            var why = kind.Name == ArtifactKey.KeptCheckpoint ? ", for more epochs" : string.Empty;
            console.WriteLine($"  {kind.Name,-15} {Figures.Count(kind.Count)}, {ByteSize.Text(kind.Bytes)}{why}");
        }
    }

    public static long BytesOf(IEnumerable<ArtifactReference> artifacts) =>
        artifacts.DistinctBy(artifact => artifact.Digest).Sum(artifact => artifact.Bytes);
}

/// <summary>The artifacts of one name.</summary>
/// <param name="Name">As <c>checkpoint</c> or <c>model</c>.</param>
/// <param name="Count">Number of names that refer to them.</param>
/// <param name="Bytes">Size of their contents, each counted once.</param>
internal sealed record StoredArtifacts(string Name, int Count, long Bytes);
