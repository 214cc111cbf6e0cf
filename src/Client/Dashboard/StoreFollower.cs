using System.Collections.Concurrent;
using Sweeps.Client.Silos;
using Sweeps.Client.Sweep.Show;
using Sweeps.Core;
using Sweeps.Silo;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Dashboard;

/// <summary>
/// Follows a store for all open pages together: one reader however many look. It reads on where the store's change feed
/// says that something was written, asks for silos once a second, and rests while no page is open.
/// </summary>
internal sealed class StoreFollower : IAsyncDisposable
{
    // Changes within it are shown together; the feed itself takes 50 to 100 ms.
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(300);
    private readonly TimeSpan _moment;
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(10);
    private const int KeptMost = 4;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, FollowedSweep> _sweeps = new();
    private readonly ConcurrentDictionary<object, Action> _watchers = new();
    private readonly SemaphoreSlim _begun = new(0);
    private readonly ISweepStore _store;
    private readonly Task _following;
    private IReadOnlyDictionary<string, SweepListing> _known = new Dictionary<string, SweepListing>();
    private long _listed;
    private long _changes;

    /// <summary>Begins to follow once a page is open.</summary>
    /// <param name="store">The store; it stays the caller's.</param>
    /// <param name="moment">How long a page that opens waits for what is read; null: 0.3 s.</param>
    public StoreFollower(ISweepStore store, TimeSpan? moment = null)
    {
        (_store, _moment) = (store, moment ?? s_moment);
        _following = Task.Run(FollowAsync);
    }

    /// <summary>The store; printing its address shows no password.</summary>
    public ISweepStore Store => _store;

    /// <summary>All sweeps, newest first; null: not read yet.</summary>
    public IReadOnlyList<SweepListing>? Sweeps { get; private set; }

    /// <summary>All silos; null: not read yet.</summary>
    public IReadOnlyList<SiloListing>? Silos { get; private set; }

    /// <summary>Why the store cannot be read now; null: it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>Calls back, from a thread of its own, whenever something may be new; until it is disposed.</summary>
    public IDisposable Watch(Action changed)
    {
        var watch = new Watching(this);
        // While nobody looked, anything may have happened.
        if (_watchers.IsEmpty)
            Interlocked.Increment(ref _changes);
        _watchers[watch] = changed;
        _begun.Release();
        return watch;
    }

    /// <summary>The sweep, which is followed as long as somebody asks for it.</summary>
    public FollowedSweep Open(string id)
    {
        var sweep = _sweeps.GetOrAdd(id, name => new(_store, name));
        sweep.Ask();
        return sweep;
    }

    /// <summary>The same, up to date if that takes no more than a moment; otherwise it comes later.</summary>
    public async Task<FollowedSweep> OpenAsync(string id)
    {
        var sweep = Open(id);
        await Task.WhenAny(sweep.CatchUpAsync(Interlocked.Read(ref _changes)), Task.Delay(_moment));
        return sweep;
    }

    /// <summary>What the slots of all living silos do, of one sweep or of all.</summary>
    public IReadOnlyList<TrialActivity> ActivitiesOf(string? sweep) =>
    [
        .. (Silos ?? []).Where(silo => silo.IsAlive).SelectMany(silo => silo.Training
            .Where(activity => sweep is null || activity.Key.Sweep == sweep)
            .Select(activity => activity with { Silo = silo.Row.Name })),
    ];

    /// <summary>Reads what there is, now: for the first page, and after a command.</summary>
    public async Task RefreshAsync(CancellationToken cancellation = default)
    {
        await ListAsync(cancellation);
        Silos = await SiloListing.OfAsync(_store, cancellation);
    }

    /// <summary>Reads the sweep that was written last before a page asks for it, as the first one will.</summary>
    public async Task WarmAsync()
    {
        try
        {
            await ListAsync(_stop.Token);
            if (Sweeps?.MaxBy(sweep => sweep.Summary.LastWritten) is not { } newest)
                return;
            var sweep = Open(newest.Summary.Id);
            await sweep.CatchUpAsync(Interlocked.Read(ref _changes));
            await sweep.RankingAsync();
        }
        catch (Exception error) when (error is SweepsException or OperationCanceledException or ObjectDisposedException)
        {
            // The first page says what is wrong.
        }
    }

    /// <summary>Stops following.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var sweep in _sweeps.Values)
            sweep.Dispose();
        _stop.Dispose();
        _begun.Dispose();
    }

    private async Task FollowAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            if (_watchers.IsEmpty)
            {
                await _begun.WaitAsync(stop);
                continue;
            }

            var mark = _store.Changes.Mark();
            try
            {
                // What was opened can be read on after its files were deleted: nobody else writes there any more.
                if ((Problem = _store.Detached) is null)
                    await ReadAsync(stop);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // Whatever it is: the pages say it, and what comes next is read again.
                Problem = error.Message;
            }

            foreach (var watcher in _watchers.Values)
                watcher();
            await Task.Delay(s_least, stop);
            if (await _store.Changes.WaitAsync(null, mark, s_most - s_least, stop))
                Interlocked.Increment(ref _changes);
        }
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        Forget();
        var changes = Interlocked.Read(ref _changes);
        if (_listed < changes)
            await ListAsync(stop);
        Silos = await SiloListing.OfAsync(_store, stop);
        // A long log that is read for the first time holds nobody else up.
        var reading = Task.WhenAll(
            _sweeps.Values.Where(sweep => sweep.IsWanted).Select(sweep => sweep.CatchUpAsync(changes)));
        await Task.WhenAny(reading, Task.Delay(s_moment, stop));
    }

    private async Task ListAsync(CancellationToken stop)
    {
        var changes = Interlocked.Read(ref _changes);
        var sweeps = await SweepListing.OfAsync(_store, stop, _known);
        _known = sweeps.ToDictionary(sweep => sweep.Summary.Id);
        Sweeps = [.. sweeps.Reverse()];
        _listed = changes;
    }

    // States of large sweeps are large: those that nobody asked for lately are read again when somebody does.
    private void Forget()
    {
        foreach (var sweep in _sweeps.Values.OrderByDescending(sweep => sweep.Asked).Skip(KeptMost)
            .Where(sweep => sweep.Idle > s_kept / 10)
            .Concat(_sweeps.Values.Where(sweep => sweep.Idle > s_kept)).ToList())
        {
            _sweeps.TryRemove(sweep.Id, out _);
        }
    }

    private sealed class Watching(StoreFollower follower) : IDisposable
    {
        public void Dispose() => follower._watchers.TryRemove(this, out _);
    }
}
