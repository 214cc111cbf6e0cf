using System.CommandLine;
using Spectre.Console;
using Sweeps.Client.Terminal;
using Sweeps.Grains.Coordination;
using Sweeps.Silo;
using Sweeps.Store.Addresses;
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
        var prune = new Command(
            "prune", "Remove checkpoints of ended sweeps, unreferenced files and silos not seen for a week.");
        prune.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await store.ChangeAsync(parsed, cancellation);
            Write(parsed, parsed.GetValue(json), await PruneAsync(opened, cancellation));
            return 0;
        });
        var command = new Command("store", "Show what a store holds and how large it is.")
        {
            store.Option, json, prune,
        };
        command.SetAction(async (parsed, cancellation) =>
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
        return command;
    }

    private static async Task<Pruned> PruneAsync(ISweepStore store, CancellationToken cancellation)
    {
        var (checkpoints, bytes) = (0, 0L);
        foreach (var sweep in await store.Log.ListAsync(cancellationToken: cancellation))
        {
            // No attempt of an ended sweep is started again, so that nothing resumes from its checkpoints.
            if (sweep.Header.IsOpen)
                continue;
            var released = await Leftovers.ReleaseCheckpointsAsync(store, sweep.Id, cancellation);
            (checkpoints, bytes) = (checkpoints + released.Count, bytes + released.Bytes);
        }

        var blobs = await store.Artifacts.PruneAsync(s_blobGrace, cancellation);
        var silos = await store.Silos.ForgetAsync(SiloSettings.KeptFor, cancellation);
        return new(checkpoints, blobs.Blobs, bytes + blobs.Bytes, silos);
    }

    private static void Write(ParseResult parsed, bool json, Pruned pruned)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (json)
            Screen.WriteJson(output, pruned);
        else
            Screen.On(output).WriteLine(
                $"freed {ByteSize.Text(pruned.FreedBytes)}: {Figures.Count(pruned.Checkpoints)} checkpoints of ended "
                + $"sweeps, {Figures.Count(pruned.Files)} unreferenced files; removed {Figures.Count(pruned.Silos)} "
                + "silos not seen for a week");
    }

    private sealed record Pruned(int Checkpoints, int Files, long FreedBytes, int Silos);
}

/// <summary>What a store holds, by kind.</summary>
/// <param name="Store">Its address.</param>
/// <param name="Sweeps">Number of sweeps.</param>
/// <param name="Events">Events of their logs.</param>
/// <param name="MetricRows">One for each epoch of each attempt.</param>
/// <param name="Artifacts">Checkpoints, models, sweeps' own data and others.</param>
/// <param name="Silos">Silos, also those that left.</param>
/// <param name="DatabaseBytes">Size of the database's files; null: it is on a server.</param>
internal sealed record StoreContent(
    string Store,
    int Sweeps,
    long Events,
    long MetricRows,
    IReadOnlyList<StoredArtifacts> Artifacts,
    int Silos,
    long? DatabaseBytes)
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
            .Select(kind => new StoredArtifacts(
                kind.Key, kind.Count(), kind.DistinctBy(artifact => artifact.Digest).Sum(artifact => artifact.Bytes)));
        return new(
            store.Address.ToString(), sweeps.Count, sweeps.Sum(sweep => sweep.LastSequence), rows, [.. kinds],
            (await store.Silos.ListAsync(cancellation)).Count, DatabaseBytesOf(store.Address));
    }

    public void Write(IAnsiConsole console)
    {
        console.WriteLine($"store          {Store}");
        console.WriteLine($"log            {Figures.Count(Events, "event")} of {Figures.Count(Sweeps, "sweep")}");
        console.WriteLine($"metrics        {Figures.Count(MetricRows)} rows");
        foreach (var kind in Artifacts)
            console.WriteLine($"{kind.Name,-14} {Figures.Count(kind.Count)}, {ByteSize.Text(kind.Bytes)}");
        console.WriteLine($"silos          {Figures.Count(Silos)}, also those that left");
        if (DatabaseBytes is { } bytes)
            console.WriteLine($"database       {ByteSize.Text(bytes)} of log, metrics and silos");
    }

    private static long? DatabaseBytesOf(StoreAddress address) => address.Kind != StoreKind.Sqlite
        ? null
        : ((string[])[address.Path, $"{address.Path}-wal", $"{address.Path}-shm"])
            .Where(File.Exists)
            .Sum(path => new FileInfo(path).Length);
}

/// <summary>The artifacts of one name.</summary>
/// <param name="Name">As <c>checkpoint</c> or <c>model</c>.</param>
/// <param name="Count">Number of names that refer to them.</param>
/// <param name="Bytes">Size of their contents, each counted once.</param>
internal sealed record StoredArtifacts(string Name, int Count, long Bytes);
