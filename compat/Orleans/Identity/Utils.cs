using System.Globalization;
using System.Net;

namespace Orleans.Runtime;

/// <summary>Addresses of gateways as URIs: <c>gwy.tcp://address:port/generation</c>.</summary>
public static class Utils
{
    public static Uri ToGatewayUri(this IPEndPoint ep) => new($"gwy.tcp://{ep}/0");

    public static Uri ToGatewayUri(this SiloAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new Uri(string.Create(
            CultureInfo.InvariantCulture, $"gwy.tcp://{address.Endpoint}/{address.Generation}"));
    }

    public static IPEndPoint? ToIPEndPoint(this Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.Scheme == "gwy.tcp" ? new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port) : null;
    }

    public static SiloAddress? ToGatewayAddress(this Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.Scheme == "gwy.tcp" ? SiloAddress.New(IPAddress.Parse(uri.Host), uri.Port, 0) : null;
    }
}
