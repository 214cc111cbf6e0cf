using System.Globalization;
using System.Net;

namespace Sweeps.Store.Addresses;

/// <summary>One of the servers that may have a database.</summary>
/// <param name="Name">Its name, its address, or the folder of its socket.</param>
/// <param name="Port">Its port.</param>
internal readonly record struct ServerHost(string Name, int Port)
{
    public const int UsualPort = 5432;
    public const string Here = "localhost";

    public bool IsLocal => Name.StartsWith('/') || Name == Here
        || (IPAddress.TryParse(Name, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads what Npgsql has as its hosts.</summary>
    /// <param name="hosts">Names with or without a port, set off by commas.</param>
    /// <param name="port">Of those without one.</param>
    public static ServerHost[] Read(string hosts, int port) =>
        [.. hosts.Split(',').Select(text => ReadOne(text.Trim(), port))];

    /// <summary>As Npgsql and users read it.</summary>
    public override string ToString()
    {
        var name = Name.Contains(':', StringComparison.Ordinal) ? $"[{Name}]" : Name;
        return string.Create(CultureInfo.InvariantCulture, $"{name}:{Port}");
    }

    private static ServerHost ReadOne(string text, int port)
    {
        var colon = text.LastIndexOf(':');
        // Without brackets, more than one colon is an IPv6 address.
        var hasPort = colon > text.LastIndexOf(']')
            && (text.StartsWith('[') || colon == text.IndexOf(':', StringComparison.Ordinal));
        return hasPort && int.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var own)
            ? new(text[..colon].Trim('[', ']'), own)
            : new(text.Trim('[', ']'), port);
    }
}
