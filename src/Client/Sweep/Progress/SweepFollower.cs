using System.Globalization;
using Sweeps.Client.Silos;
using Sweeps.Core;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Silo;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Progress;

/// <summary>Shows a sweep until it has ended, or is paused with no trial running.</summary>
internal sealed class SweepFollower(
    ISweepStore store, SweepView view, ClusterActivities activities, IProgressDisplay display)
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);
    private readonly HashSet<string> _told = [];
    private readonly StoreLoss _loss = new(store);

    // A silo of this process says it itself.
    private readonly StoreOutage _outage = new(line =>
    {
        if (!activities.HasOwn)
            display.Note(line);
    });

    public async Task FollowAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (_loss.Look() is { } loss)
                throw new SweepsException(ErrorKind.Store, activities.HasOwn
                    ? $"{loss} This run ends here, since nobody would find what it trains. If the folder was moved, "
                        + $"'sweeps resume {view.Id} --store PLACE' goes on where it is now; if it was deleted, "
                        + "'sweeps run FILE' begins anew."
                    : loss);
            var mark = store.Changes.Mark(view.Id);
            if (!await TryReadAsync(stop))
            {
                await PauseAsync(mark, stop);
                continue;
            }

            var refusals = activities.Refusals(view.State).Where(refusal => _told.Add(refusal.Text));
            foreach (var text in SiloRefusal.Problems(refusals))
                display.Note(text);
            if (activities.IsOwnRefused(view.State) && !view.State.IsOver)
                TellOwnRefusal();
            display.Show(view.State.Plan, SweepProgress.Of(view.State, activities.Slots), activities.Now);
            if (view.State.IsOver || view.State is { Status: SweepStatus.Paused, Totals.Running: 0 })
                return;
            await PauseAsync(mark, stop);
        }
    }

    /// <summary>Reads what is new. False: the store is not where it was, and whether that lasts is to be seen; or the
    /// user did not wait for one that is away.</summary>
    private async Task<bool> TryReadAsync(CancellationToken stop)
    {
        try
        {
            return await _outage.OutlastAsync(
                async leave =>
                {
                    await view.ReadAsync(leave);
                    await activities.RefreshAsync(leave);
                    return true;
                },
                () => store.Problem,
                stop);
        }
        catch (StoreException error) when (error.Reason == StoreReason.Missing && store.Detached is not null)
        {
            return false;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private void TellOwnRefusal()
    {
        if (!activities.OthersTrain(view.State))
            throw new SweepsException(
                ErrorKind.Environment,
                $"This machine does not go on with '{view.Id}': {SiloRefusal.OtherNumbersAdvice}");
        if (_told.Add(ClusterActivities.OtherNumbers))
            display.Note($"this machine does not train for it: {ClusterActivities.OtherNumbers}; others do");
    }

    // At most 20 frames a second, and at least 4 because the slots progress without events.
    private async Task PauseAsync(long mark, CancellationToken stop)
    {
        try
        {
            await Task.Delay(Redraw / 5, stop);
            await store.Changes.WaitAsync(view.Id, mark, Redraw, stop);
        }
        catch (OperationCanceledException)
        {
            // The loop checks the token.
        }
    }
}

/// <summary>
/// What all silos do for a sweep: this process's own silo directly, the others as of their last heartbeats.
/// </summary>
/// <param name="store">The store they share.</param>
/// <param name="sweep">The sweep.</param>
/// <param name="own">The silo of this process; null: none.</param>
internal sealed class ClusterActivities(ISweepStore store, string sweep, SiloHost? own)
{
    /// <summary>Whether this process has a silo.</summary>
    public bool HasOwn => own is not null;

    /// <summary>Why a sweep gives a silo no trials.</summary>
    public const string OtherNumbers =
        "its processor or libraries compute other numbers than the first silo of the sweep";

    // Heartbeats come every few seconds: reading more often shows nothing new.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private IReadOnlyList<SiloRow> _others = [];
    private long _readAt;

    /// <summary>Slots of all silos that accept work, at least 1.</summary>
    public int Slots => Math.Max(
        1, (own?.SlotCount ?? 0) + _others.Where(silo => silo.Trains(sweep)).Sum(silo => silo.Slots));

    /// <summary>The trials that train or wait for a slot, the own silo's first.</summary>
    public IReadOnlyList<TrialActivity> Now =>
    [
        .. Of(own?.Activities ?? [], own is null || _others.Count == 0 ? null : own.Health.Silo),
        .. _others.SelectMany(silo => Of(SiloTraining.Read(silo.Training), silo.Name)),
    ];

    /// <summary>Which other living silos the sweep gives no trials, and why.</summary>
    public IEnumerable<SiloRefusal> Refusals(SweepState state) => _others.Where(silo => silo.Trains(sweep))
        .Select(silo => SiloRefusal.Of(state, silo)).OfType<SiloRefusal>();

    /// <summary>Whether this process's own silo computes other numbers than the sweep's first one.</summary>
    public bool IsOwnRefused(SweepState state) =>
        own is not null && !state.Plan.MixedNumerics && state.OtherNumerics.Contains(own.Incarnation);

    /// <summary>Whether another living silo may train for it.</summary>
    public bool OthersTrain(SweepState state) =>
        _others.Any(silo => silo.Trains(sweep) && silo.Slots > 0 && SiloRefusal.Of(state, silo) is null);

    /// <summary>Reads the other silos from the store if the last reading is too old.</summary>
    public async Task RefreshAsync(CancellationToken cancellation = default)
    {
        if (_readAt != 0 && Age < Interval)
            return;
        var silos = await store.Silos.ListAsync(cancellation);
        _others =
        [
            .. silos.Where(silo => silo.IsAlive && silo.Incarnation != own?.Incarnation),
        ];
        _readAt = TimeProvider.System.GetTimestamp();
    }

    private TimeSpan Age => TimeProvider.System.GetElapsedTime(_readAt);

    private IEnumerable<TrialActivity> Of(IEnumerable<TrialActivity> activities, string? silo) =>
        activities.Where(activity => activity.Key.Sweep == sweep).Select(activity => activity with { Silo = silo });
}

/// <summary>
/// A store that whoever comes anew does not find at its address any more, while what is written to it seems to succeed.
/// </summary>
internal sealed class StoreLoss(ISweepStore store)
{
    // A network's folder may not answer for a moment.
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private long _since;

    /// <summary>What became of the store, where that has lasted; null: it is there.</summary>
    public string? Look()
    {
        if (store.Detached is not { } detached)
        {
            _since = 0;
            return null;
        }

        _since = _since == 0 ? TimeProvider.System.GetTimestamp() : _since;
        return TimeProvider.System.GetElapsedTime(_since) >= Lasting ? detached : null;
    }

    /// <summary>Waits for it; null: for the signal that came before.</summary>
    public async Task<string?> WaitAsync(CancellationToken signal)
    {
        using var timer = new PeriodicTimer(Interval);
        while (!signal.IsCancellationRequested)
        {
            if (Look() is { } loss)
                return loss;
            await ((Task)timer.WaitForNextTickAsync(signal).AsTask())
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }
}

/// <summary>
/// A store that is away for a while, as a server that restarts: it is asked until it answers, and both is said once.
/// One that refuses what it is asked is an error at once.
/// </summary>
/// <param name="say">Takes the lines.</param>
/// <param name="longest">How long it may be away before that is an error; null: an hour.</param>
/// <param name="pause">Between two questions; null: a second.</param>
internal sealed class StoreOutage(Action<string> say, TimeSpan? longest = null, TimeSpan? pause = null)
{
    // A server that is restarted is back before anybody would care.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private readonly TimeSpan _pause = pause ?? TimeSpan.FromSeconds(1);
    private readonly TimeSpan _longest = longest ?? TimeSpan.FromHours(1);
    private bool _isSaid;

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="ask">The question; harmless to repeat.</param>
    /// <param name="problem">Why the store tries again meanwhile; null: it does not.</param>
    /// <param name="stop">Ends the waiting for a store that is away, and no other question.</param>
    /// <exception cref="StoreException">It was away for too long, or refused the question.</exception>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    public async Task<T> OutlastAsync<T>(
        Func<CancellationToken, Task<T>> ask, Func<string?> problem, CancellationToken stop = default)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var answer = await AnswerAsync(ask, problem, since, stop);
                if (_isSaid)
                    say($"the store answers again, after {Lasted(since)}");
                _isSaid = false;
                return answer;
            }
            catch (StoreException error)
                when (error.Reason == StoreReason.OutOfReach && TimeProvider.System.GetElapsedTime(since) < _longest)
            {
                Say(error.Message);
                await Task.Delay(_pause, stop);
            }
        }
    }

    private async Task<T> AnswerAsync<T>(
        Func<CancellationToken, Task<T>> ask, Func<string?> problem, long since, CancellationToken stop)
    {
        using var leave = new CancellationTokenSource();
        var answer = ask(leave.Token);
        while (await Task.WhenAny(answer, Task.Delay(_pause, CancellationToken.None)) != answer)
        {
            if (problem() is not { } why || TimeProvider.System.GetElapsedTime(since) < Patience)
                continue;
            Say(why);
            if (stop.IsCancellationRequested)
                await leave.CancelAsync();
        }

        return await answer;
    }

    private void Say(string why)
    {
        if (_isSaid)
            return;
        _isSaid = true;
        var minutes = string.Create(CultureInfo.InvariantCulture, $"{_longest.TotalMinutes:0.#}");
        say($"the store does not answer: {why} It is asked again for up to {minutes} minutes; Ctrl-C ends that.");
    }

    private static string Lasted(long since) =>
        string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(since).TotalSeconds:0} s");
}
