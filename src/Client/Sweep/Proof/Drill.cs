using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>The settings of a drill.</summary>
internal sealed record DrillSetup
{
    /// <summary>Id of the sweep without kills.</summary>
    public required string Undisturbed { get; init; }

    /// <summary>Id of the same sweep whose silos are killed.</summary>
    public required string Disturbed { get; init; }

    /// <summary>Silos to kill.</summary>
    public required int Kills { get; init; }

    /// <summary>Silo processes at a time.</summary>
    public required int Silos { get; init; }

    /// <summary>The command line that starts silo number N for a sweep.</summary>
    public required Func<string, int, IReadOnlyList<string>> Command { get; init; }

    /// <summary>The store as typed; null: from the environment, or the default.</summary>
    public string? Store { get; init; }

    public static string NameOf(int number) => FormattableString.Invariant($"drill-{Environment.ProcessId}-{number}");
}

/// <summary>
/// Runs a sweep twice, once undisturbed and once with silos killed at random times, and compares the results. It only
/// reads the store; the silos are child processes.
/// </summary>
/// <param name="setup">The settings.</param>
/// <param name="store">The store, opened for reading.</param>
/// <param name="note">Prints a message.</param>
internal sealed class Drill(DrillSetup setup, ISweepStore store, Action<string> note)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ApartMost = TimeSpan.FromSeconds(5);
    private readonly Random _moments = new();
    private readonly List<(SiloId Silo, DateTimeOffset At)> _killed = [];
    private int _started;
    private TimeSpan _apart;

    /// <summary>Submits a sweep.</summary>
    public required Func<string, Task> Submit { get; init; }

    public async Task<DrillReport> RunAsync(CancellationToken cancellation)
    {
        note($"training {setup.Undisturbed}, undisturbed");
        var quiet = new List<SweepEvent>();
        var undisturbed = await TrainAsync(setup.Undisturbed, kills: 0, quiet, cancellation);
        // Spread the kills over the sweep, at most 5 s apart.
        var first = quiet.OfType<TrialStarted>().Select(started => started.At).DefaultIfEmpty(quiet[0].At).First();
        var apart = (quiet[^1].At - first) / (setup.Kills + 1);
        _apart = apart < ApartMost ? apart : ApartMost;
        note($"training {setup.Disturbed}, killing {setup.Kills} silos");
        var events = new List<SweepEvent>();
        var disturbed = await TrainAsync(setup.Disturbed, setup.Kills, events, cancellation);
        if (_killed.Count < setup.Kills)
            note($"the sweep ended after {_killed.Count} of {setup.Kills} kills: use a longer one (--set epochs=...)");
        var metrics = await store.Metrics.ReadAsync(setup.Disturbed, cancellation);
        return new(
            undisturbed, disturbed, [.. _killed.Select(kill => DrillLoss.Of(events, metrics, kill.Silo, kill.At))]);
    }

    private async Task<SweepState> TrainAsync(
        string id, int kills, List<SweepEvent> events, CancellationToken cancellation)
    {
        var silos = new List<DrillSilo>();
        await Submit(id);
        try
        {
            for (var i = 0; i < setup.Silos; i++)
                silos.Add(Start(id));
            var view = new SweepView(store, id) { Seen = events.Add, ReadsAll = true };
            while (true)
            {
                await view.ReadAsync(cancellation);
                if (view.State.IsOver)
                    break;
                if (view.State.Status == SweepStatus.Paused && view.State.Totals.Running == 0)
                    throw new SweepsException(ErrorKind.Sweep, $"Sweep {id} paused itself: {view.State.Reason}");
                if (silos.Find(silo => silo.HasExited) is { } ended)
                    await ExplainAsync(ended, view, cancellation);
                else if (_killed.Count < kills)
                    await KillAsync(silos, view, cancellation);
                await Task.Delay(Poll, cancellation);
            }

            await Task.WhenAll(silos.Select(silo => silo.EndAsync()));
            return view.State;
        }
        finally
        {
            foreach (var silo in silos)
                silo.Dispose();
        }
    }

    private DrillSilo Start(string id)
    {
        var number = ++_started;
        return DrillSilo.Start(DrillSetup.NameOf(number), setup.Command(id, number), setup.Store);
    }

    // Killed silos are off the list: one that exits before the sweep ends has failed, and its errors say why.
    private static async Task ExplainAsync(DrillSilo ended, SweepView view, CancellationToken cancellation)
    {
        await view.ReadAsync(cancellation);
        if (!view.State.IsOver)
        {
            throw new SweepsException(
                ErrorKind.Sweep, $"The drill's silo {ended.Name} exited: {(await ended.Errors).Trim()}");
        }
    }

    private async Task KillAsync(List<DrillSilo> silos, SweepView view, CancellationToken cancellation)
    {
        var victim = silos[_moments.Next(silos.Count)];
        await Task.Delay(_apart * (0.2 + (0.8 * _moments.NextDouble())), cancellation);
        await view.ReadAsync(cancellation);
        if (view.State.IsOver || AtWork(view.State, victim) is not { } silo)
            return;
        _killed.Add((silo, await store.NowAsync(cancellation)));
        victim.Kill();
        silos.Remove(victim);
        victim.Dispose();
        note($"killed silo {_killed.Count} of {setup.Kills}");
        silos.Add(Start(view.Id));
    }

    private SiloId? AtWork(SweepState state, DrillSilo victim)
    {
        var atWork = state.SilosAtWork
            .Where(silo => silo.Name == victim.Name && _killed.TrueForAll(kill => kill.Silo != silo))
            .ToList();
        return atWork.Count > 0 ? atWork[0] : null;
    }
}
