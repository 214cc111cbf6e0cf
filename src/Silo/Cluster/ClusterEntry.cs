using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Silo.Slots;

namespace Sweeps.Silo.Cluster;

/// <summary>
/// A silo's way into its cluster. Told to give up it does so at once, whatever Orleans or the store are waiting for.
/// </summary>
/// <param name="build">Makes the host of an incarnation.</param>
/// <param name="start">Hears how far it is.</param>
internal sealed class ClusterEntry(Func<IHost> build, SiloStart start)
{
    private static readonly TimeSpan Withdrawing = TimeSpan.FromMilliseconds(500);

    /// <summary>How long what has half started may take to stop in order.</summary>
    private static readonly TimeSpan Stopping = TimeSpan.FromSeconds(2);

    /// <summary>How often another port is tried, where another process took the free one first.</summary>
    private const int PortsTried = 10;

    public async Task<IHost> JoinAsync(CancellationToken cancellation)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await TryAsync(cancellation);
            }
            catch (Exception error) when (tried < PortsTried && IsPortTaken(error))
            {
                // Of processes that start at once several may have found the same port free.
            }
        }
    }

    private static bool IsPortTaken(Exception error) => error switch
    {
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => true,
        AggregateException several => several.InnerExceptions.Any(IsPortTaken),
        { InnerException: { } inner } => IsPortTaken(inner),
        _ => false,
    };

    private async Task<IHost> TryAsync(CancellationToken cancellation)
    {
        start.Enter("its host starts");
        var host = build();
        var former = host.Services.GetService<FormerSilos>();
        var self = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (former is not null)
            _ = WatchAsync(former, self, over.Token);
        try
        {
            await Task.Run(() => host.StartAsync(cancellation), cancellation).WaitAsync(cancellation);
            return host;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Nobody can say how long it would take to stop what has half started: its host is left behind.
            await WithdrawAsync(former, self);
            throw;
        }
        catch (Exception error)
        {
            await EndStartAsync(host);
            if (error is not SweepsException && former?.Unreachable is { } why)
                throw new SweepsException(ErrorKind.Environment, $"The silo could not join: {why}", error);
            throw;
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    /// <summary>
    /// Ends a host whose start has failed. It cannot be disposed: its grain directory, which only a silo that ran
    /// stops, would ask the closed stream of membership updates again and again and keep a core busy as long as the
    /// process lives. What has started is stopped, stage by stage; but then Orleans would wait for ever to dispose it.
    /// </summary>
    /// <param name="host">Is not to be used any more.</param>
    public static async Task EndStartAsync(IHost host)
    {
        using var limit = new CancellationTokenSource(Stopping);
        try
        {
            await host.Services.GetRequiredService<ISiloLifecycleSubject>().OnStop(limit.Token)
                .WaitAsync(Stopping + Withdrawing, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // Mostly it tells a store that is away; it stays behind and goes on by itself.
        }

        host.Services.GetService<SlotPool>()?.Dispose();
        host.Services.GetService<Strangers>()?.Dispose();
        if (host.Services.GetService<ClusterKeys>() is { } keys)
            await keys.DisposeAsync();
        host.Services.GetRequiredService<ILoggerFactory>().Dispose();
    }

    private static async Task WatchAsync(FormerSilos former, SiloAddress self, CancellationToken cancellation)
    {
        await former.Awaited.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await former.WatchAsync(self, cancellation);
    }

    private static async Task WithdrawAsync(FormerSilos? former, SiloAddress self)
    {
        if (former is null)
            return;
        using var limit = new CancellationTokenSource(Withdrawing);
        try
        {
            await former.WithdrawAsync(self, limit.Token).WaitAsync(Withdrawing, CancellationToken.None);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException or SweepsException)
        {
            // Then the others find it gone.
        }
    }
}
