using System.CommandLine;
using Sweeps.Client.Sweep.Progress;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Silo;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Silos;

/// <summary><c>sweeps silos</c>: the worker processes of a store.</summary>
internal static class SilosCommand
{
    /// <summary>How long a listing shows a silo that was lost without being asked for it.</summary>
    private static readonly TimeSpan MissedFor = TimeSpan.FromHours(1);

    public static Command Create()
    {
        var store = new StoreOption();
        var json = JsonOption.Create();
        var all = new Option<bool>("--all") { Description = "Include silos that left or were lost." };
        var command = new Command("silos", "List the silos of a store: slots, current trials, last heartbeat.")
        {
            store.Option, all, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await store.LookAsync(parsed);
            var silos = await SiloListing.OfAsync(opened, cancellation);
            var shown = silos.Where(silo => parsed.GetValue(all) || silo.IsAlive || IsMissed(silo, silos)).ToList();
            var output = parsed.InvocationConfiguration.Output;
            var place = opened.Address.ToString();
            if (parsed.GetValue(json))
                Screen.WriteJson(output, new
                {
                    store = place,
                    silos = shown.Select(SilosPage.Json),
                    not_shown = silos.Count - shown.Count,
                });
            else
                SilosPage.Write(shown, silos.Count - shown.Count, place, Screen.On(output));
            return 0;
        });
        return command;
    }

    /// <summary>Lost not long ago, and not back under its name.</summary>
    private static bool IsMissed(SiloListing silo, IReadOnlyList<SiloListing> silos) =>
        silo.IsLost && silo.Age < MissedFor
        && !silos.Any(other => other.Row.Name == silo.Row.Name && other.Row.Started > silo.Row.Started);
}

/// <summary>One silo of a listing.</summary>
/// <param name="Row">What the store knows of it.</param>
/// <param name="Training">What its slots do, as of its last heartbeat; nothing where it does not live.</param>
/// <param name="Age">How long ago that was, by the store's clock.</param>
/// <param name="Refusals">Open sweeps that give it no trials.</param>
internal sealed record SiloListing(
    SiloRow Row, IReadOnlyList<TrialActivity> Training, TimeSpan Age, IReadOnlyList<SiloRefusal> Refusals)
{
    public bool IsAlive => Row.IsAlive;

    public bool IsLost => Row.State == SiloState.Lost || Row.IsOverdue;

    /// <summary>The silos of a store, by name, also those that are gone.</summary>
    public static async Task<IReadOnlyList<SiloListing>> OfAsync(ISweepStore store, CancellationToken cancellation)
    {
        var sweeps = (await store.Log.ListAsync(openOnly: true, cancellation))
            .Select(sweep => (sweep.Id, Headline: SweepHeaders.Read(sweep.Header)))
            .ToList();
        var rows = await store.Silos.ListAsync(cancellation);
        // Asked after the rows, or a heartbeat between the two would lie ahead.
        var now = await store.NowAsync(cancellation);
        return
        [
            .. rows.Select(row => new SiloListing(
                row,
                row.IsAlive ? SiloTraining.Read(row.Training) : [],
                now > row.LastSeen ? now - row.LastSeen : TimeSpan.Zero,
                [.. sweeps.Select(sweep => SiloRefusal.Of(sweep.Id, sweep.Headline, row)).OfType<SiloRefusal>()])),
        ];
    }

    /// <summary>The error for a name that no live silo has.</summary>
    public static async Task<SweepsException> NotFoundAsync(
        ISweepStore store, string name, CancellationToken cancellation)
    {
        var known = (await store.Silos.ListAsync(cancellation))
            .Where(silo => silo.IsAlive)
            .Select(silo => silo.Name)
            .Distinct()
            .ToList();
        var next = known.Count == 0
            ? ". No silo is running; start one with 'sweeps silo'."
            : $"{NearestName.Suggest(name, known).TrimEnd('.')} ('sweeps silos' lists the silos).";
        return new(ErrorKind.Usage, $"No live silo of {store.Address} is named '{name}'{next}");
    }
}

/// <summary>A sweep that gives a silo no trials.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Silo">The silo's name.</param>
/// <param name="DataProblem">What is wrong with the silo's data; null: its numerics are others.</param>
internal sealed record SiloRefusal(string Sweep, string Silo, string? DataProblem)
{
    /// <summary>What other numerics mean for it, with what to do.</summary>
    public const string OtherNumbersAdvice = $"{ClusterActivities.OtherNumbers}, so results would not be comparable. "
        + "Resume it where it began, or begin it anew here with 'sweeps run FILE --fresh'.";

    private const int SilosNamed = 3;

    /// <summary>Why.</summary>
    public string Problem => DataProblem ?? ClusterActivities.OtherNumbers;

    /// <summary>Why, with what to do.</summary>
    public string Reason => DataProblem ?? OtherNumbersAdvice;

    /// <summary>What it says of it alone.</summary>
    public string Text => $"{Silo} {Problem}";

    /// <summary>A sentence for each reason: a cluster may have hundreds of silos with one.</summary>
    public static IEnumerable<string> Texts(IEnumerable<SiloRefusal> refusals) =>
        Texts(refusals, refusal => refusal.Reason);

    /// <summary>The same without what to do.</summary>
    public static IEnumerable<string> Problems(IEnumerable<SiloRefusal> refusals) =>
        Texts(refusals, refusal => refusal.Problem);

    private static IEnumerable<string> Texts(IEnumerable<SiloRefusal> refusals, Func<SiloRefusal, string> reasonOf) =>
        from refusal in refusals
        group refusal.Silo by reasonOf(refusal) into silos
        let names = silos.Order(NaturalOrder.ByName).ToList()
        let more = names.Count - SilosNamed
        select $"{(names.Count == 1 ? "silo" : "silos")} {string.Join(", ", names.Take(SilosNamed))}"
            + $"{(more > 0 ? $" and {Figures.Count(more)} more" : "")} "
            + $"{(names.Count == 1 ? "does" : "do")} not train for it: {silos.Key}";

    /// <summary>By what the store keeps beside a sweep's log; null: the sweep takes the silo.</summary>
    public static SiloRefusal? Of(string sweep, SweepHeadline? headline, SiloRow silo) => Of(
        sweep, silo, headline?.DataProblems?.GetValueOrDefault(silo.Incarnation),
        headline?.OtherNumerics?.Contains(silo.Incarnation) == true, headline?.Fingerprint);

    /// <summary>By the sweep itself; null: it takes the silo.</summary>
    public static SiloRefusal? Of(SweepState state, SiloRow silo) => Of(
        state.Plan.Id, silo, state.DataProblems.GetValueOrDefault(silo.Incarnation),
        !state.Plan.MixedNumerics && state.OtherNumerics.Contains(silo.Incarnation),
        state.Plan.MixedNumerics ? null : state.Fingerprint);

    private static SiloRefusal? Of(string sweep, SiloRow silo, string? problem, bool isOther, string? fingerprint) =>
        problem is not null ? new(sweep, silo.Name, problem)
        : isOther || (fingerprint is not null && Fingerprints.Differ(fingerprint, silo.Fingerprint))
            ? new(sweep, silo.Name, null)
        : null;
}
