using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Cluster;

/// <summary>
/// The address that a silo tells the others where nobody said one: the one that its database sees it at. On the
/// database's own machine that is loopback, which helps nobody elsewhere: there it is loopback only where the database
/// takes no connections from elsewhere either, so that all silos are on this machine.
/// </summary>
internal static class OwnAddress
{
    /// <summary>Chooses it.</summary>
    /// <param name="reach">How the database sees this process, and who else it lets in.</param>
    public static IPAddress Of(StoreReach reach) => Of(reach, Machine());

    /// <summary>Chooses among the machine's addresses, the usual one first.</summary>
    public static IPAddress Of(StoreReach reach, IReadOnlyList<IPAddress> machine)
    {
        if (reach.Seen is { } seen && !IPAddress.IsLoopback(seen))
        {
            // Not ours where addresses are translated on the way, as by a container's network.
            var plain = seen.IsIPv4MappedToIPv6 ? seen.MapToIPv4() : seen;
            return machine.Contains(plain) ? plain : machine.FirstOrDefault(plain);
        }

        return reach.IsForThisMachineAlone ? IPAddress.Loopback : machine.FirstOrDefault(IPAddress.Loopback);
    }

    /// <summary>
    /// What other machines may reach this one at: of networks with a way out first, IPv4 before IPv6, and nothing that
    /// is valid on one link alone.
    /// </summary>
    public static List<IPAddress> Machine() =>
    [
        .. from network in NetworkInterface.GetAllNetworkInterfaces()
           where network.OperationalStatus == OperationalStatus.Up
               && network.NetworkInterfaceType != NetworkInterfaceType.Loopback
           let properties = network.GetIPProperties()
           from own in properties.UnicastAddresses
           let address = own.Address
           where !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal
           orderby properties.GatewayAddresses.Count == 0, address.AddressFamily == AddressFamily.InterNetworkV6
           select address,
    ];
}
