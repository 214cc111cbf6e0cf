using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Silo.Slots;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Cluster;

/// <summary>
/// A silo's place in its cluster: joins, leaves in bounded time, and joins again, as a new incarnation in a new host,
/// after the cluster has declared it dead.
/// </summary>
internal sealed partial class SiloMembership : IAsyncDisposable
{
    /// <summary>How long a host may take to stop in order, and the store to hear of it.</summary>
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(3);

    /// <summary>How much longer is waited for what did not take that hint.</summary>
    private static readonly TimeSpan Abandoning = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RejoinDelay = TimeSpan.FromSeconds(2);

    private readonly ClusterEntry _entry;
    private readonly ISweepStore _store;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _rejoining;
    private volatile IHost _host;
    private volatile bool _isOut;

    private SiloMembership(IHost host, ClusterEntry entry, ISweepStore store)
    {
        (_host, _entry, _store) = (host, entry, store);
        _rejoining = RejoinAsync();
    }

    /// <summary>Whether it is on its way back.</summary>
    public bool IsOut => _isOut;

    /// <summary>The services of the current incarnation; between two, still those of the last.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Joins for the first time.</summary>
    /// <param name="entry">The way in.</param>
    /// <param name="store">Hears when one leaves.</param>
    /// <param name="cancellation">Gives up joining.</param>
    public static async Task<SiloMembership> JoinAsync(
        ClusterEntry entry, ISweepStore store, CancellationToken cancellation) =>
        new(await entry.JoinAsync(cancellation), entry, store);

    /// <summary>
    /// No more joining again: the silo is about to end. Completes at once unless it is on its way back. True: it is not
    /// in, and there is nothing to drain or to stop.
    /// </summary>
    public async ValueTask<bool> StayAsync()
    {
        _ending.Cancel();
        if (_isOut)
            await _rejoining;
        return _isOut;
    }

    /// <summary>Leaves for good.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!await StayAsync() && await LeaveAsync())
            await DisposeAsync(_host);
        _ending.Dispose();
    }

    private async Task RejoinAsync()
    {
        try
        {
            while (true)
            {
                await Services.GetRequiredService<ClusterVerdict>().Fallen.WaitAsync(_ending.Token);
                _isOut = true;
                var (fallen, hasStopped) = (_host, await LeaveAsync());
                _host = await JoinAgainAsync();
                _isOut = false;
                if (hasStopped)
                    await DisposeAsync(fallen);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The silo ends, and so does this.
        }
    }

    private async Task<IHost> JoinAgainAsync()
    {
        while (true)
        {
            try
            {
                return await _entry.JoinAsync(_ending.Token);
            }
            catch (Exception error) when (!_ending.IsCancellationRequested)
            {
                LogNotJoined(Logger, error);
            }

            await Task.Delay(RejoinDelay, _ending.Token);
        }
    }

    /// <summary>Stops and says so to the store. False: it did not stop in time, and is left behind.</summary>
    private async Task<bool> LeaveAsync()
    {
        var slots = Services.GetRequiredService<SlotPool>();
        var hasStopped = await StopAsync();
        // Until then it may have entered the store anew, and one that stays behind there would keep the silo's name.
        var incarnation = slots.Incarnation;
        slots.Dispose();
        // What does not stop in time mostly waits for the store, which will hardly hear more now.
        await TellAsync(incarnation, hasStopped ? Leaving : Abandoning);
        return hasStopped;
    }

    // Orleans tells the membership table again and again, for minutes, whatever the time given for stopping: a store
    // that is away shall not hold a process that was told to end. The others then notice by their probes.
    private async Task<bool> StopAsync()
    {
        try
        {
            await _host.StopAsync(Leaving).WaitAsync(Leaving + Abandoning);
            return true;
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            LogNotStopped(Logger, error);
            return false;
        }
    }

    // A store that is away cannot hear it; the lease says it later.
    private async Task TellAsync(string incarnation, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _store.Silos.LeaveAsync(incarnation, limit.Token).WaitAsync(patience);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException or SweepsException)
        {
            LogNotHeard(Logger, error);
        }
    }

    private ILogger Logger => Services.GetRequiredService<ILogger<SiloMembership>>();

    public static async Task DisposeAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo could not join again; trying again")]
    private static partial void LogNotJoined(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo did not stop in time and is left behind")]
    private static partial void LogNotStopped(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store did not hear that the silo left: its lease will end")]
    private static partial void LogNotHeard(ILogger logger, Exception error);
}
