using System.Collections.Concurrent;
using System.Diagnostics;
using Sweeps.Client.Silos;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Show;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Dashboard;

/// <summary>
/// Follows a store for all open pages together: one reader however many look. It reads on where the store's change feed
/// says that something was written, asks for silos whenever it reads and once a second at least, and rests while no
/// page is open.
/// </summary>
internal sealed class StoreFollower : IAsyncDisposable
{
    // Changes within it are shown together; the feed itself takes 50 to 100 ms.
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(10);
    private const int KeptMost = 4;

    private readonly TimeSpan _moment;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, FollowedSweep> _sweeps = new();
    private readonly ConcurrentDictionary<string, ArchitectureNames> _names = new();
    private readonly ConcurrentDictionary<object, Action> _watchers = new();
    private readonly SemaphoreSlim _begun = new(0);
    private readonly ISweepStore _store;
    private readonly Task _following;
    private IReadOnlyDictionary<string, SweepListing> _known = new Dictionary<string, SweepListing>();
    private Task _reading = Task.CompletedTask;
    private string? _problem;
    private bool _asks;
    private long _begunAt;
    private long _readAt;
    private long _silosAt;
    private long _listed = -1;
    private long _unwatched;
    private long _changes;

    /// <summary>Begins to follow once a page is open.</summary>
    /// <param name="store">The store; it stays the caller's.</param>
    /// <param name="moment">How long a page waits for a log that is read for the first time; null: 1 s.</param>
    /// <param name="patience">How long the store may take to answer before pages say that it does not; null: 3 s.
    /// </param>
    public StoreFollower(ISweepStore store, TimeSpan? moment = null, TimeSpan? patience = null)
    {
        (_store, _moment) = (store, moment ?? s_most);
        Patience = patience ?? TimeSpan.FromSeconds(3);
        _following = Task.Run(FollowAsync);
    }

    /// <summary>How long the store may take to answer before pages say that it does not.</summary>
    public TimeSpan Patience { get; }

    /// <summary>The store; printing its address shows no password.</summary>
    public ISweepStore Store => _store;

    /// <summary>All sweeps, newest first; null: not read yet.</summary>
    public IReadOnlyList<SweepListing>? Sweeps { get; private set; }

    /// <summary>All silos; null: not read yet.</summary>
    public IReadOnlyList<SiloListing>? Silos { get; private set; }

    /// <summary>How long ago the silos were asked for.</summary>
    public TimeSpan SilosAge => Stopwatch.GetElapsedTime(Interlocked.Read(ref _silosAt));

    /// <summary>Why the store cannot be read now; null: it can. A store on a server tries again for a minute before it
    /// gives up, and says meanwhile why it does.</summary>
    public string? Problem => _problem
        ?? (_reading.IsCompleted || Stopwatch.GetElapsedTime(Interlocked.Read(ref _begunAt)) < Patience ? null
            : _store.Problem ?? (_asks ? "it does not answer." : null));

    /// <summary>Calls back, from a thread of its own, whenever something may be new; until it is disposed.</summary>
    public IDisposable Watch(Action changed)
    {
        var watch = new Watching(this);
        // While nobody looked, anything may have happened.
        if (_watchers.IsEmpty)
        {
            Interlocked.Increment(ref _unwatched);
            Notice();
        }

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

    /// <summary>The same, up to date; a long log that was not read yet, and what a store that is away has, come later.
    /// </summary>
    public async Task<FollowedSweep> OpenAsync(string id)
    {
        var sweep = Open(id);
        await Task.WhenAny(
            sweep.CatchUpAsync(Interlocked.Read(ref _changes)),
            Task.Delay(sweep.IsRead && Problem is null ? Patience : _moment));
        return sweep;
    }

    /// <summary>The names that a sweep's file gives its architectures, off the first event of its log alone; null: they
    /// cannot be read now.</summary>
    public async Task<ArchitectureNames?> NamesAsync(string id)
    {
        if (_names.TryGetValue(id, out var known))
            return known;
        if (Problem is not null)
            return null;
        try
        {
            await foreach (var events in SweepEvents.ReadAsync(_store, id, 0))
                return events is [SweepSubmitted first, ..] ? _names[id] = ArchitectureNames.Of(first.Plan) : null;
        }
        catch (SweepsException)
        {
            // The store is away: every page says so.
        }

        return null;
    }

    /// <summary>Waits until sweeps and silos are those of a second ago at most, or the store does not answer.</summary>
    public async Task FreshAsync()
    {
        var (asked, wanted) = (Stopwatch.GetTimestamp(), Notice());
        var most = Task.Delay(Problem is null ? Patience + s_least : _moment);
        // A read that is under way may have begun before something was written.
        for (var reads = 0; reads < 2 && !IsFresh(wanted, asked) && !most.IsCompleted; reads++)
            await Task.WhenAny(ReadOnceAsync(), most);
    }

    /// <summary>Reads the sweep that was written last before a page asks for it, as the first one will.</summary>
    public async Task WarmAsync()
    {
        try
        {
            await ReadOnceAsync();
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
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

            Forget();
            var mark = _store.Changes.Mark();
            var reading = ReadOnceAsync();
            // While the store does not answer, the pages say so, and what they show grows older.
            while (await Task.WhenAny(reading, Task.Delay(s_most, stop)) != reading && !stop.IsCancellationRequested)
                Tell();
            await reading;
            if (_problem is null)
                await CatchUpAsync(stop);
            Tell();
            await Task.Delay(s_least, stop);
            await _store.Changes.WaitAsync(null, mark, s_most - s_least, stop);
        }
    }

    private void Tell()
    {
        foreach (var watcher in _watchers.Values)
            watcher();
    }

    // A long log that is read for the first time holds nobody else up.
    private async Task CatchUpAsync(CancellationToken stop)
    {
        var changes = Interlocked.Read(ref _changes);
        var reading = Task.WhenAll(
            _sweeps.Values.Where(sweep => sweep.IsWanted).Select(sweep => sweep.CatchUpAsync(changes)));
        await Task.WhenAny(reading, Task.Delay(s_moment, stop));
    }

    // A long read is as fresh as its beginning.
    private bool IsFresh(long changes, long asked) => Interlocked.Read(ref _listed) >= changes
        && Stopwatch.GetElapsedTime(Interlocked.Read(ref _readAt), asked) < s_most;

    // Counts what the store's feed told, and the times that nobody listened to it.
    private long Notice()
    {
        lock (_lock)
            return _changes = Math.Max(_changes, Interlocked.Read(ref _unwatched) + _store.Changes.Mark());
    }

    // One read at a time, for all who wait for it.
    private Task ReadOnceAsync()
    {
        lock (_lock)
        {
            if (!_reading.IsCompleted)
                return _reading;
            Interlocked.Exchange(ref _begunAt, Stopwatch.GetTimestamp());
            return _reading = Task.Run(ReadAsync);
        }
    }

    private async Task ReadAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            // What was opened can be read on after its files were deleted: nobody else writes there any more.
            var detached = _store.Detached;
            if (detached is null || Sweeps is null)
            {
                var changes = Notice();
                _asks = true;
                Silos = await SiloListing.OfAsync(_store, _stop.Token);
                Interlocked.Exchange(ref _silosAt, Stopwatch.GetTimestamp());
                // A list of many sweeps takes its time, however well the store answers.
                _asks = false;
                if (_listed < changes)
                    await ListAsync(changes);
                Interlocked.Exchange(ref _readAt, begun);
            }

            _problem = detached;
        }
        catch (Exception error) when (!_stop.IsCancellationRequested)
        {
            // Whatever it is: the pages say it, and what comes next is read again.
            _problem = error.Message;
        }
        finally
        {
            _asks = false;
        }
    }

    private async Task ListAsync(long changes)
    {
        var sweeps = await SweepListing.OfAsync(_store, _stop.Token, _known);
        _known = sweeps.ToDictionary(sweep => sweep.Summary.Id);
        Sweeps = [.. sweeps.Reverse()];
        Interlocked.Exchange(ref _listed, changes);
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
