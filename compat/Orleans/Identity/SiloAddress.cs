using System.Globalization;
using System.Net;

namespace Orleans.Runtime;

/// <summary>Where a silo listens, and which start of it: written <c>address:port@generation</c>.</summary>
public sealed class SiloAddress : IEquatable<SiloAddress>, IComparable<SiloAddress>
{
    private static readonly Lock GenerationLock = new();
    private static readonly DateTime Epoch = new(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static long lastGeneration;

    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
    }

    public static SiloAddress Zero { get; } = New(new IPAddress(0), 0, 0);

    public IPEndPoint Endpoint { get; }

    public int Generation { get; }

    public bool IsClient => Generation < 0;

    public static SiloAddress New(IPEndPoint ep, int gen)
    {
        ArgumentNullException.ThrowIfNull(ep);
        return New(ep.Address, ep.Port, gen);
    }

    public static SiloAddress New(IPAddress address, int port, int generation)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return new SiloAddress(new IPEndPoint(plain, port), generation);
    }

    /// <summary>
    /// A number that grows with every start of a silo: the seconds since 2022, and never the same twice.
    /// </summary>
    public static int AllocateNewGeneration()
    {
        var elapsed = (DateTime.UtcNow.Ticks - Epoch.Ticks) / TimeSpan.TicksPerSecond;
        lock (GenerationLock)
        {
            lastGeneration = Math.Max(elapsed, lastGeneration + 1);
            return unchecked((int)lastGeneration);
        }
    }

    public static SiloAddress FromParsableString(string addr) => Parse(addr, null);

    public static SiloAddress Parse(string value, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        return TryParse(value, provider, out var result)
            ? result!
            : throw new FormatException("Invalid string SiloAddress: " + value);
    }

    public static bool TryParse(string? value, out SiloAddress? result) => TryParse(value, null, out result);

    public static bool TryParse(string? value, IFormatProvider? provider, out SiloAddress? result)
    {
        result = null;
        var at = value?.LastIndexOf('@') ?? -1;
        var colon = at < 0 ? -1 : value!.LastIndexOf(':', at);
        if (colon < 0
            || !IPAddress.TryParse(value.AsSpan(0, colon), out var address)
            || !Number(value.AsSpan(colon + 1, at - colon - 1), out var port)
            || port > IPEndPoint.MaxPort
            || !Number(value.AsSpan(at + 1), out var generation))
        {
            return false;
        }

        result = New(address, port, generation);
        return true;

        static bool Number(ReadOnlySpan<char> text, out int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    public string ToParsableString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Endpoint.Address}:{Endpoint.Port}@{Generation}");

    public int CompareTo(SiloAddress? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byGeneration = Generation.CompareTo(other.Generation);
        return byGeneration != 0
            ? byGeneration
            : string.CompareOrdinal(ToParsableString(), other.ToParsableString());
    }

    public bool Equals(SiloAddress? other) =>
        other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint);

    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    public override int GetHashCode() => HashCode.Combine(Endpoint, Generation);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"S{Endpoint.Address}:{Endpoint.Port}:{Generation}");
}
