using System.Globalization;
using Spectre.Console;
using Sweeps.Client.Terminal;
using Sweeps.Silo;

namespace Sweeps.Client.Silos;

/// <summary>What <c>sweeps silos</c> prints.</summary>
internal static class SilosPage
{
    private const int FingerprintShown = 12;
    private const int TrialsShown = 8;

    public static void Write(IReadOnlyList<SiloListing> silos, int notShown, string store, IAnsiConsole console)
    {
        if (silos.Count > 0)
            WriteTable(silos, console);
        else
            console.WriteLine($"No silo is running on {store}. Start one with 'sweeps silo'.");
        if (notShown > 0)
            console.WriteLine($"{(silos.Count > 0 ? "and " : "")}{Figures.Count(notShown, "silo")} that left or "
                + $"{(notShown == 1 ? "was" : "were")} lost; --all shows them");
    }

    private static void WriteTable(IReadOnlyList<SiloListing> silos, IAnsiConsole console)
    {
        var table = Screen.Table(
            ("silo", false), ("state", false), ("slots", true), ("images/s", true), ("last seen", true),
            ("trains", false),
            ("host", false), ("version", true), ("numerics", true)).Optional("version", "host", "images/s");
        foreach (var silo in silos)
            table.AddRow([.. Cells(silo).Select(Markup.Escape)]);
        console.Write(table);
        foreach (var silo in silos.Where(silo => silo.IsAlive))
        {
            var others = silo.Refusals.Where(refusal => refusal.DataProblem is null).ToList();
            if (others.Count > 0)
            {
                var sweeps = string.Join(", ", others.Select(refusal => refusal.Sweep));
                console.WriteLine(
                    $"{silo.Row.Name} does not train for {sweeps}: its processor or libraries compute other numbers "
                    + "than the first silo of that sweep, so results would not be comparable.");
            }

            foreach (var (sweep, _, problem) in silo.Refusals.Where(refusal => refusal.DataProblem is not null))
                console.WriteLine($"{silo.Row.Name} does not train for {sweep}: {problem}");
        }
    }

    /// <summary>A silo for programs.</summary>
    public static object Json(SiloListing silo) => new
    {
        name = silo.Row.Name,
        incarnation = silo.Row.Incarnation,
        host = silo.Row.Host,
        state = State(silo),
        slots = silo.Row.Slots,
        requested_slots = silo.Row.RequestedSlots,
        training = silo.Training.Select(activity => new
        {
            activity.Slot,
            sweep = activity.Key.Sweep,
            trial = activity.Key.Attempt.Trial.ToString(),
            attempt = activity.Key.Number,
            activity.Epoch,
            activity.Epochs,
            activity.Metric,
            images_per_second = activity.ImagesPerSecond,
        }),
        images_per_second = silo.IsAlive ? silo.Row.ImagesPerSecond : 0,
        version = silo.Row.Version,
        fingerprint = silo.Row.Fingerprint,
        refused_by = silo.Refusals.Select(refusal => refusal.Sweep),
        data_problems = silo.Refusals.Where(refusal => refusal.DataProblem is not null)
            .ToDictionary(refusal => refusal.Sweep, refusal => refusal.DataProblem),
        started = silo.Row.Started,
        last_seen = silo.Row.LastSeen,
        last_seen_seconds = silo.Age.TotalSeconds,
    };

    private static IEnumerable<string> Cells(SiloListing silo) =>
    [
        silo.Row.Name,
        State(silo),
        silo.Row.RequestedSlots is { } wanted && wanted != silo.Row.Slots
            ? $"{silo.Row.Slots} -> {wanted}"
            : $"{silo.Row.Slots}",
        silo.IsAlive ? Figures.Count(silo.Row.ImagesPerSecond) : "",
        string.Create(CultureInfo.InvariantCulture, $"{silo.Age.TotalSeconds:0.0} s"),
        silo.IsAlive ? Trains(silo.Training) : "",
        silo.Row.Host,
        Short(silo.Row.Version),
        Short(silo.Row.Fingerprint.Replace("native=", "", StringComparison.Ordinal)),
    ];

    private static string State(SiloListing silo) =>
        silo.IsLost ? "lost" : silo.Row.State.ToString().ToLowerInvariant();

    private static string Trains(IReadOnlyList<TrialActivity> training)
    {
        var running = training.Where(activity => activity.Slot >= 0).ToList();
        var shown = running.Take(TrialsShown).Select(activity => $"{activity.Key.Sweep} {activity.Key.Attempt.Trial}");
        var more = running.Count > TrialsShown ? $" and {running.Count - TrialsShown} more" : string.Empty;
        return running.Count == 0 ? "-" : $"{string.Join(", ", shown)}{more}";
    }

    // The first digits of a revision or fingerprint are enough to tell two apart.
    private static string Short(string text)
    {
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        return plus >= 0 && text.Length > plus + 8 ? text[..(plus + 8)]
            : text.Length > FingerprintShown ? text[..FingerprintShown] : text;
    }
}
