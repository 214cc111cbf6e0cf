using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Cluster;

/// <summary>
/// What this process shows to the other silos and what it wants of them: a certificate that the cluster's authority
/// signed, which whoever reads the store's database can make. Follows the store: a new authority is noticed within
/// half a minute, and at once where a connection was refused.
/// </summary>
internal sealed partial class ClusterKeys(
    IAuthorityStore authorities, string cluster, TimeProvider time, ILogger<ClusterKeys> logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>Refused strangers do not make this process ask the store more often than that.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _doubt = new(0, 1);
    private volatile Keys? _keys;
    private Task _following = Task.CompletedTask;

    /// <summary>This process's certificate.</summary>
    public X509Certificate2 Certificate => Current.Certificate;

    /// <summary>The same, ready for handshakes.</summary>
    public SslStreamCertificateContext Context => Current.Context;

    private Keys Current => _keys ?? throw new InvalidOperationException("The cluster's keys are not there yet.");

    /// <summary>What another silo's certificate must fulfil now.</summary>
    public X509ChainPolicy Policy()
    {
        var keys = Current;
        return ClusterCertificates.Policy(keys.Authority, keys.Now + time.GetElapsedTime(keys.Read));
    }

    /// <summary>A connection was refused: perhaps the authority is another one by now.</summary>
    public void Doubt()
    {
        lock (_doubt)
        {
            if (_doubt.CurrentCount == 0)
                _doubt.Release();
        }
    }

    /// <summary>Reads the authority, or makes it, and a certificate of this process with it.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await RefreshAsync(cancellation);
        _following = Task.Run(FollowAsync, CancellationToken.None);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _following;
        _closing.Dispose();
        _doubt.Dispose();
    }

    private async Task FollowAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await _doubt.WaitAsync(Period, _closing.Token);
                await RefreshAsync(_closing.Token);
                await Task.Delay(Pause, time, _closing.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SweepsException)
            {
                // Over, or the store is away: then the certificate that is there has hours left.
            }
        }
    }

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        var stored = await authorities.GetOrAddAsync(cluster, ClusterCertificates.MakeAuthority, cancellation);
        var read = time.GetTimestamp();
        if (_keys is { } keys && keys.Authority.RawDataMemory.Span.SequenceEqual(stored.Key.Certificate.Span)
            && stored.Now < keys.Made + (ClusterCertificates.Life / 2))
        {
            _keys = keys with { Now = stored.Now, Read = read };
            return;
        }

        if (_keys is not null)
            LogRenewed(logger);
        // Not disposed: connections may use what was there before.
        var authority = X509CertificateLoader.LoadCertificate(stored.Key.Certificate.Span);
        var certificate = ClusterCertificates.MakeSilo(stored.Key, stored.Now);
        _keys = new(
            authority, certificate, SslStreamCertificateContext.Create(certificate, null, offline: true), stored.Now,
            stored.Now, read);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This silo has a new certificate")]
    private static partial void LogRenewed(ILogger logger);

    /// <summary>What holds until the next look.</summary>
    /// <param name="Authority">Signs the certificates of the cluster.</param>
    /// <param name="Certificate">This process's.</param>
    /// <param name="Context">The same, ready for handshakes.</param>
    /// <param name="Made">When it was made, by the store's clock.</param>
    /// <param name="Now">The store's clock at the last look.</param>
    /// <param name="Read">The moment of that look, by this process's clock.</param>
    private sealed record Keys(
        X509Certificate2 Authority,
        X509Certificate2 Certificate,
        SslStreamCertificateContext Context,
        DateTimeOffset Made,
        DateTimeOffset Now,
        long Read);
}

/// <summary>Has the keys there before anything listens.</summary>
internal sealed class ClusterKeysStart(ClusterKeys keys) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle)
    {
        ArgumentNullException.ThrowIfNull(lifecycle);
        lifecycle.Subscribe(nameof(ClusterKeysStart), ServiceLifecycleStage.First, keys.StartAsync);
    }
}
