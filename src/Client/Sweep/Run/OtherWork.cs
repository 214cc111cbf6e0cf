using Sweeps.Client.Terminal;
using Sweeps.Core.State;
using Sweeps.Grains.Coordination;
using Sweeps.Silo;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Run;

/// <summary>
/// What else a store holds when a run begins, for its user: who trains what beside it, and which sweeps wait. A run
/// trains its own sweep alone.
/// </summary>
internal static class OtherWork
{
    private const int SweepsNamed = 5;

    /// <summary>The notes, a line each.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The sweep that is about to run.</param>
    /// <param name="slots">Slots of this process.</param>
    public static async Task<IReadOnlyList<string>> NotesAsync(ISweepStore store, string id, int slots)
    {
        var silos = (await store.Silos.ListAsync())
            .Where(silo => silo.IsAlive)
            .ToList();
        var notes = silos.Where(silo => silo.Slots > 0).Select(silo => Describe(silo, id)).ToList();
        if (silos.Any(silo => silo.Host == Environment.MachineName && silo.Slots > 0))
        {
            notes.Add(
                $"with the {Slots(slots)} of this process they share this machine's {Environment.ProcessorCount} "
                    + "cores: trainings take longer, and their times may be marked unreliable; results do not change");
        }

        var open = (await store.Log.ListAsync(openOnly: true)).Where(sweep => sweep.Id != id).ToList();
        var waiting = open.Where(sweep => !silos.Exists(silo => silo.Trains(sweep.Id))).ToList();
        if (waiting.Count > 0)
            notes.Add(Describe(waiting));
        return notes;
    }

    private static string Describe(SiloRow silo, string id)
    {
        var who = silo.Process is { } process
            ? $"process {process} (silo {silo.Name})"
            : $"silo {silo.Name} on {silo.Host}";
        var training = SiloTraining.Read(silo.Training).Select(activity => activity.Key.Sweep).Distinct().ToList();
        var sweeps = silo.Serves ?? training;
        var what = sweeps.Count > 0
            ? string.Join(", ", sweeps.Select(sweep => $"'{sweep}'"))
            : "whatever this store holds";
        var together = silo.Trains(id) ? "; this run and it share the trials of the sweep" : string.Empty;
        return $"{who} trains {what} with {Slots(silo.Slots)}{together}";
    }

    private static string Slots(int count) => count == 1 ? "1 slot" : $"{count} slots";

    private static string Describe(List<SweepSummary> waiting)
    {
        var named = waiting.Take(SweepsNamed).Select(sweep => $"'{sweep.Id}'{Progress(sweep)}");
        var more = waiting.Count > SweepsNamed ? $" and {waiting.Count - SweepsNamed} more" : string.Empty;
        var many = waiting.Count > 1;
        return $"{(many ? $"{waiting.Count} other sweeps are" : "another sweep is")} unfinished in this store and "
            + $"{(many ? "are" : "is")} not trained by this run: {string.Join(", ", named)}{more}. "
            + $"Resume with: sweeps resume {(many ? "ID" : waiting[0].Id)}"
            + (many ? ", or train all with: sweeps silo" : string.Empty);
    }

    private static string Progress(SweepSummary sweep)
    {
        if (SweepHeaders.Read(sweep.Header) is not { } headline)
            return string.Empty;
        var paused = headline.Status == SweepStatus.Paused ? ", paused" : string.Empty;
        return $" ({Figures.Count(headline.Done)} of {Figures.Count(headline.Planned)} trials{paused})";
    }
}
