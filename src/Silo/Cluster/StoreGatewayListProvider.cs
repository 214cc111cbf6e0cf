using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using Sweeps.Store.Contract;
using MembershipEntry = Orleans.MembershipEntry;

namespace Sweeps.Silo.Cluster;

/// <summary>Tells a client which silos it can reach: the active ones of the membership table that have a
/// gateway.</summary>
internal sealed class StoreGatewayListProvider(ISweepStore store, IOptions<ClusterOptions> options)
    : IGatewayListProvider
{
    public TimeSpan MaxStaleness => TimeSpan.FromSeconds(15);

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => store.Membership.InitializeAsync(options.Value.ClusterId);

    public async Task<IList<Uri>> GetGateways()
    {
        var table = await store.Membership.ReadAsync(options.Value.ClusterId);
        return
        [
            .. table.Rows.Select(row => MembershipJson.Read(row.Entry))
                .Where(entry => entry is { Status: SiloStatus.Active, ProxyPort: > 0 })
                .Select(Gateway),
        ];
    }

    // As Orleans writes the address of a gateway: no generation, since a gateway has none.
    private static Uri Gateway(MembershipEntry silo)
    {
        var endpoint = new IPEndPoint(silo.SiloAddress.Endpoint.Address, silo.ProxyPort);
        return endpoint.ToGatewayUri();
    }
}
