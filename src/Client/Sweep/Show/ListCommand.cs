using System.CommandLine;
using Sweeps.Client.Silos;
using Sweeps.Client.Terminal;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Show;

/// <summary><c>sweeps list</c>: the sweeps of a store.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var store = new StoreOption();
        var json = JsonOption.Create();
        var command = new Command("list", "List the sweeps of a store, newest last.") { store.Option, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await store.LookAsync(parsed);
            var entries = await SweepListing.OfAsync(opened, cancellation);
            var output = parsed.InvocationConfiguration.Output;
            var place = opened.Address.ToString();
            if (parsed.GetValue(json))
                Screen.WriteJson(output, new { store = place, sweeps = entries.Select(ListPage.Json) });
            else
                ListPage.Write(entries, place, Screen.On(output));
            return 0;
        });
        return command;
    }
}

/// <summary>One sweep of a listing.</summary>
/// <param name="Summary">What the store keeps beside its log.</param>
/// <param name="Headline">The summary by its last writer; null: none.</param>
/// <param name="Silos">Whether live silos train for it.</param>
/// <param name="Metric">The metric it optimises; null: its log was not read.</param>
/// <param name="Best">The best configuration so far; null: none, or its log was not read.</param>
internal sealed record SweepListing(
    SweepSummary Summary, SweepHeadline? Headline, SweepSilos Silos, string? Metric, HeadlineBest? Best)
{
    /// <summary>Living silos that would train for it and may not, where no other does.</summary>
    public IReadOnlyList<SiloRefusal> Refusals { get; init; } = [];

    /// <summary>Longer logs are not read for a listing, which must be fast.</summary>
    private const long EventsMax = 20_000;

    /// <summary>
    /// The state in a word; a running sweep without a live silo is lost or interrupted, or waits for the first one.
    /// </summary>
    public string State => Headline switch
    {
        null => "unknown",
        { Status: SweepStatus.Running } when Silos != SweepSilos.Live => Summary.LastSequence <= 1 ? "waiting"
            : Silos == SweepSilos.Lost ? "lost" : "interrupted",
        { Status: var status } => ConfigurationText.Word(status),
    };

    /// <summary>All sweeps of a store, oldest first.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cancellation">Cancels reading.</param>
    /// <param name="known">An earlier listing, by id: logs that have not grown are not read again.</param>
    public static async Task<IReadOnlyList<SweepListing>> OfAsync(
        ISweepStore store, CancellationToken cancellation, IReadOnlyDictionary<string, SweepListing>? known = null)
    {
        var silos = await store.Silos.ListAsync(cancellation);
        var summaries = await store.Log.ListAsync(cancellationToken: cancellation);
        var budget = EventsMax * 5;
        var listing = new List<SweepListing>();
        foreach (var summary in summaries.OrderBy(summary => summary.Created))
        {
            var headline = SweepHeaders.Read(summary.Header);
            var (metric, best) = (headline?.Metric, headline?.Best);
            // An earlier version's header tells the best at the end only; until then the log does, where it is short.
            if (best is null && metric is null && known?.GetValueOrDefault(summary.Id) is { } before
                && before.Summary.LastSequence == summary.LastSequence)
            {
                (metric, best) = (before.Metric, before.Best);
            }
            else if (best is null && metric is null && summary.LastSequence <= Math.Min(EventsMax, budget))
            {
                budget -= summary.LastSequence;
                var state = (await SweepView.OpenAsync(store, summary.Id, cancellation: cancellation)).State;
                metric = state.Plan.Metric.Name;
                best = HeadlineBest.Of(SweepProgress.Of(state, slots: 1).Best);
            }

            var (stand, refusals) = SweepSilosText.Of(silos, summary.Id, headline);
            listing.Add(new(summary, headline, stand, metric, best)
            {
                Refusals = headline?.Status == SweepStatus.Running ? refusals : [],
            });
        }

        return listing;
    }
}

/// <summary>Whether silos train for a sweep.</summary>
internal enum SweepSilos
{
    /// <summary>A live silo takes its trials, and is not refused by it.</summary>
    Live,

    /// <summary>
    /// None does, and the last that took its trials did not leave in order: killed, cut off, or its machine is down.
    /// </summary>
    Lost,

    /// <summary>None does.</summary>
    None,
}

/// <summary>Reads it off the store's silos.</summary>
internal static class SweepSilosText
{
    /// <summary>Of one sweep, with the living silos that it refuses where it has no other.</summary>
    /// <param name="silos">All of the store.</param>
    /// <param name="sweep">Its id.</param>
    /// <param name="headline">What it says of them; null: nothing is known of it.</param>
    public static (SweepSilos Stand, IReadOnlyList<SiloRefusal> Refusals) Of(
        IReadOnlyList<SiloRow> silos, string sweep, SweepHeadline? headline)
    {
        var living = silos.Where(silo => silo.Trains(sweep)).ToList();
        var refusals = living.Select(silo => SiloRefusal.Of(sweep, headline, silo)).OfType<SiloRefusal>().ToList();
        return living.Count > refusals.Count ? (SweepSilos.Live, [])
            : refusals.Count > 0 ? (Of([.. silos.Except(living)], sweep), refusals)
            : (Of(silos, sweep), []);
    }

    /// <summary>The same where nothing is known of refusals.</summary>
    public static SweepSilos Of(IReadOnlyList<SiloRow> silos, string sweep)
    {
        if (silos.Any(silo => silo.Trains(sweep)))
            return SweepSilos.Live;
        var last = silos.Where(silo => silo.Serves is null || silo.Serves.Contains(sweep))
            .MaxBy(silo => silo.LastSeen);
        return last is { State: SiloState.Lost } or { IsOverdue: true } ? SweepSilos.Lost : SweepSilos.None;
    }
}
