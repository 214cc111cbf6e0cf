using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace Sweeps.Silo.Cluster;

/// <summary>
/// The door between silos: both sides of a connection show a certificate of the cluster's authority, over TLS, before
/// Orleans reads the first byte. Who does not is refused, in bounded time, and named once.
/// </summary>
internal sealed class ConnectionGuard(
    ClusterKeys keys, Strangers strangers, IServiceProvider services, TimeProvider time)
{
    /// <summary>How long a peer may take to say something, and then to show who it is.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The first byte of a TLS connection: a record of a handshake.</summary>
    private const byte Handshake = 22;

    /// <summary>A connection that ends so soon after its handshake was refused by the other side.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    /// <summary>What comes first from a peer.</summary>
    private enum Opening
    {
        Tls,
        Nothing,
        Silence,
        Other,
    }

    /// <summary>Puts the guard before everything that Orleans does with a connection.</summary>
    public void Secure(SiloConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ConfigureSiloInboundConnection(builder => builder.Use(next => peer => AcceptAsync(peer, next)));
        options.ConfigureSiloOutboundConnection(builder => builder.Use(next => peer => CallAsync(peer, next)));
    }

    private async Task AcceptAsync(ConnectionContext peer, ConnectionDelegate next)
    {
        var address = (peer.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "an unknown address";
        var whose = $"from {address}";
        if (!strangers.TryEnter(address))
        {
            strangers.Refuse(whose, $"{Strangers.WaitingMost} others of that address have not shown who they are");
            peer.Abort();
            return;
        }

        using var visit = new Visit(() => strangers.Leave(address));
        switch (await OpeningAsync(peer))
        {
            case Opening.Tls:
                await WithTls((builder, options) => builder.UseServerTls(options), visit, next)(peer);
                if (!visit.IsIn)
                    Refuse(whose, visit.Reason);
                break;
            case Opening.Silence:
                strangers.Refuse(whose, $"it said nothing for {Patience.TotalSeconds:0} s");
                peer.Abort();
                break;
            case Opening.Other:
                strangers.Refuse(whose, "it does not speak TLS, as the silos of a store do");
                break;
            default:
                // Somebody looked whether the port is open, as silos that start do themselves.
                break;
        }
    }

    private async Task CallAsync(ConnectionContext peer, ConnectionDelegate next)
    {
        var began = time.GetTimestamp();
        using var visit = new Visit(() => { });
        try
        {
            await WithTls((builder, options) => builder.UseClientTls(options), visit, next)(peer);
        }
        finally
        {
            if (visit.IsDistrusted)
                Refuse($"to {peer.RemoteEndPoint}", visit.Reason);
            else if (time.GetElapsedTime(began) < Short)
                keys.Doubt();
        }
    }

    private void Refuse(string whose, string reason)
    {
        strangers.Refuse(whose, reason);
        keys.Doubt();
    }

    /// <summary>Looks at the first byte and leaves it where it is.</summary>
    private static async Task<Opening> OpeningAsync(ConnectionContext peer)
    {
        using var limit = new CancellationTokenSource(Patience);
        var input = peer.Transport.Input;
        try
        {
            var read = await input.ReadAsync(limit.Token);
            var opening = read.Buffer.IsEmpty ? Opening.Nothing
                : read.Buffer.FirstSpan[0] == Handshake ? Opening.Tls : Opening.Other;
            input.AdvanceTo(read.Buffer.Start);
            return opening;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // Its time is over, or the connection broke.
            return limit.IsCancellationRequested ? Opening.Silence : Opening.Nothing;
        }
    }

    private ConnectionDelegate WithTls(
        Action<IConnectionBuilder, TlsOptions> use, Visit visit, ConnectionDelegate next)
    {
        var builder = new ConnectionBuilder(services);
        use(builder, Options(visit));
        builder.Run(peer =>
        {
            visit.LetIn();
            return next(peer);
        });
        return builder.Build();
    }

    private TlsOptions Options(Visit visit) => new()
    {
        LocalCertificate = keys.Certificate,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateValidation = visit.Judge,
        HandshakeTimeout = Patience,
        OnAuthenticateAsServer = (_, options) =>
        {
            var server = (SslServerAuthenticationOptions)options.SslServerAuthenticationOptions;
            server.ServerCertificateSelectionCallback = null;
            server.ServerCertificateContext = keys.Context;
            server.CertificateChainPolicy = keys.Policy();
            server.AllowTlsResume = false;
        },
        OnAuthenticateAsClient = (_, options) =>
        {
            var client = (SslClientAuthenticationOptions)options.SslClientAuthenticationOptions;
            client.ClientCertificates = null;
            client.ClientCertificateContext = keys.Context;
            client.CertificateChainPolicy = keys.Policy();
            client.AllowTlsResume = false;
            client.TargetHost = "sweeps";
        },
    };

    /// <summary>A connection on its way in, and what was found of it.</summary>
    private sealed class Visit(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public bool IsIn { get; private set; }

        /// <summary>It showed a certificate that is not good.</summary>
        public bool IsDistrusted { get; private set; }

        public string Reason { get; private set; } = "it did not show a certificate of this store";

        /// <summary>Whether a certificate is good: its chain was built by <see cref="ClusterKeys.Policy"/>.</summary>
        public bool Judge(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            // Silos have no names that certificates could be for: whoever is of the cluster may be at any address.
            if ((errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None)
                return true;
            IsDistrusted = true;
            Reason = chain?.ChainStatus.All(status => status.Status == X509ChainStatusFlags.NotTimeValid) == true
                ? "its certificate is out of date"
                : "its certificate is not of this store";
            return false;
        }

        public void LetIn()
        {
            IsIn = true;
            Dispose();
        }

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
