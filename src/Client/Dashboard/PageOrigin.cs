using System.CommandLine;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Dashboard;

/// <summary>Scheme, host and port as a browser names where a page came from (RFC 6454).</summary>
internal sealed class PageOrigin
{
    /// <summary>The option.</summary>
    public const string Name = "--ui-origin";

    private readonly Uri _address;

    private PageOrigin(Uri address) => _address = address;

    /// <summary><c>https</c> or <c>http</c>.</summary>
    public string Scheme => _address.Scheme;

    /// <summary>The name alone.</summary>
    public string Host => _address.Host;

    /// <summary>The name, and the port where it is not the scheme's own.</summary>
    public string Authority => _address.Authority;

    /// <summary>The option with them.</summary>
    public static Option<string[]> Option() => new(Name)
    {
        Description = "How browsers name the pages behind a proxy that speaks HTTPS, such as "
            + "https://sweeps.example.org. May be repeated.",
        HelpName = "origin",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Reads them.</summary>
    /// <exception cref="Core.SweepsException">One is none.</exception>
    public static IReadOnlyList<PageOrigin> Of(Option option, IEnumerable<string>? texts) =>
    [
        .. (texts ?? []).Select(text => Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme is "https" or "http" && address is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
                ? new PageOrigin(address)
                : throw OptionValues.Bad(
                    option, text, "scheme, host and perhaps a port, as in https://sweeps.example.org, and no path")),
    ];

    /// <summary>Whether a browser's header names it.</summary>
    public bool Is(string header) => header.Equals(ToString(), StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override string ToString() => $"{Scheme}://{Authority}";
}
