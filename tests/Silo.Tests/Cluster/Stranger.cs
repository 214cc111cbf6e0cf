using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Serialization;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Cluster;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Silo.Tests.Cluster;

/// <summary>What a stranger has to show.</summary>
public enum Papers
{
    /// <summary>It does not speak TLS.</summary>
    None,

    /// <summary>A certificate that it signed itself.</summary>
    SelfMade,

    /// <summary>A certificate of an authority that it made itself, under the right name.</summary>
    Forged,

    /// <summary>A certificate of another database.</summary>
    OtherDatabase,

    /// <summary>No stranger: a certificate of the authority of this database.</summary>
    Right,
}

/// <summary>
/// Somebody with Orleans, the program's grains and the names of service and cluster, who knows a silo's address.
/// </summary>
internal static class Stranger
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async Task<X509Certificate2?> CertificateAsync(Papers papers, ISweepStore store, ISweepStore other)
    {
        var now = DateTimeOffset.UtcNow;
        var forged = ClusterCertificates.MakeAuthority(now);
        return papers switch
        {
            Papers.None => null,
            Papers.SelfMade => SelfMade(now),
            Papers.Forged => ClusterCertificates.MakeSilo(forged, now),
            Papers.OtherDatabase => ClusterCertificates.MakeSilo(await AuthorityAsync(other), now),
            _ => ClusterCertificates.MakeSilo(await AuthorityAsync(store), now),
        };
    }

    private static async Task<AuthorityKey> AuthorityAsync(ISweepStore store) =>
        (await ((ISharedStore)store).Authorities.GetOrAddAsync(
            ClusterSetup.Cluster, ClusterCertificates.MakeAuthority)).Key;

    /// <summary>A client of Orleans that speaks to a sweep's grain.</summary>
    public static async Task AskAsync(SiloAddress silo, X509Certificate2? certificate, string sweep)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(silo.Endpoint);
            client.Configure<ClusterOptions>(Name);
            client.Services.AddSerializer(serializer => serializer.AddCore());
            if (certificate is not null)
                client.UseTls(certificate, Trusting);
        });
        using var host = builder.Build();
        using var limit = new CancellationTokenSource(Patience);
        await host.StartAsync(limit.Token);
        await host.Services.GetRequiredService<IGrainFactory>().GetGrain<ISweepGrain>(sweep).Resume(retryFailed: true);
    }

    /// <summary>A silo that joins by a table that it made itself.</summary>
    public static async Task<IHost> JoinAsync(SiloAddress silo, X509Certificate2? certificate)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(fake =>
        {
            fake.Configure<ClusterOptions>(Name);
            fake.ConfigureEndpoints(IPAddress.Loopback, FreePort.Next(), gatewayPort: 0);
            fake.Configure<ClusterMembershipOptions>(options => options.MaxJoinAttemptTime = Patience);
            fake.Services.AddSingleton<IMembershipTable>(new ForgedTable(silo));
            // Orleans would end the process of the tests.
            fake.Services.AddSingleton<IFatalErrorHandler, ClusterVerdict>();
            fake.Services.AddSerializer(serializer => serializer.AddCore());
            if (certificate is not null)
                fake.UseTls(certificate, Trusting);
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            await ClusterEntry.EndStartAsync(host);
            throw;
        }
    }

    private static X509Certificate2 SelfMade(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sweeps silo", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }

    private static void Name(ClusterOptions options) =>
        (options.ClusterId, options.ServiceId) = (ClusterSetup.Cluster, ClusterSetup.Service);

    private static void Trusting(TlsOptions options)
    {
        options.AllowAnyRemoteCertificate();
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = "sweeps";
    }
}
