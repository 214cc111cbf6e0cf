using System.Globalization;
using Spectre.Console;
using Sweeps.Client.Silos;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Sweep.Show;

/// <summary>What <c>sweeps list</c> prints.</summary>
internal static class ListPage
{
    public static void Write(IReadOnlyList<SweepListing> entries, string store, IAnsiConsole console)
    {
        if (entries.Count == 0)
        {
            console.WriteLine($"No sweeps in {store} yet. Create one with 'sweeps run FILE'.");
            return;
        }

        // Most stores hold sweeps that were trained: a column for the others alone.
        var isReused = entries.Any(entry => entry.Headline?.Reused > 0);
        (string, bool)[] reused = isReused ? [("reused", true)] : [];
        var table = Screen.Table(
        [
            ("id", false), ("state", false), ("data", false), ("trials", true), .. reused, ("failed", true),
            ("best", true), ("metric", false), ("created", true), ("last written", true),
        ]).Optional(["created", "metric", .. reused.Select(column => column.Item1), "data"]).Whole(2);
        foreach (var entry in entries)
            table.AddRow([.. Cells(entry, isReused).Select(Markup.Escape)]);
        console.Write(table);
        foreach (var entry in entries)
        {
            foreach (var text in SiloRefusal.Texts(entry.Refusals))
                console.WriteLine($"{entry.Summary.Id}: {text}");
        }
    }

    /// <summary>An entry for programs.</summary>
    public static object Json(SweepListing entry) => new
    {
        id = entry.Summary.Id,
        name = entry.Headline?.Name,
        state = entry.State,
        data = entry.Headline?.Data,
        planned = entry.Headline?.Planned,
        completed = entry.Headline?.Completed,
        stopped = entry.Headline?.Stopped,
        failed = entry.Headline?.Failed,
        reused = entry.Headline?.Reused,
        metric = entry.Metric,
        best = entry.Best is { } best
            ? new { configuration = best.Configuration, mean = best.Mean, best.Architecture }
            : null,
        refusals = entry.Refusals.Select(refusal => new { silo = refusal.Silo, reason = refusal.Reason }),
        created = entry.Summary.Created,
        last_written = entry.Summary.LastWritten,
        events = entry.Summary.LastSequence,
    };

    private static IEnumerable<string> Cells(SweepListing entry, bool withReused) =>
    [
        entry.Summary.Id,
        entry.State,
        Shortened(entry.Headline?.Data ?? "-"),
        entry.Headline is { } line
            ? $"{Figures.Count(line.Done)}/{Figures.Count(line.Planned)}"
            : "-",
        .. withReused ? (string[])[entry.Headline is { Reused: > 0 and var reused } ? Figures.Count(reused) : ""] : [],
        entry.Headline is { Failed: > 0 and var failed } ? Figures.Count(failed) : "",
        entry.Best is { } best ? Figures.Metric(best.Mean) : "-",
        entry.Best is null ? "" : MetricText.Short(entry.Metric),
        Time(entry.Summary.Created),
        Time(entry.Summary.LastWritten),
    ];

    // The end of a path identifies it.
    private static string Shortened(string data) => data.Length <= 30 ? data : $"...{data[^27..]}";

    private static string Time(DateTimeOffset time) =>
        time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
