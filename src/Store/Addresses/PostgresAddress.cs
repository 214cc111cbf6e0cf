using System.Text.RegularExpressions;
using Npgsql;
using Sweeps.Core;

namespace Sweeps.Store.Addresses;

/// <summary>
/// Reads the two forms of a server's address, <c>postgres://user:password@host:port,host:port/database?option=value</c>
/// with libpq's option names and Npgsql's own <c>Host=db;Username=ada;Database=lab</c>, both with
/// <c>artifacts=FOLDER</c> added. Npgsql's messages may repeat a part of the text and with it the password: they are
/// never shown.
/// </summary>
internal static partial class PostgresAddress
{
    private const string Shape = "write postgres://USER:PASSWORD@HOST:PORT/DATABASE";
    private const string TargetSession = "target_session_attrs";
    private const string Host = "host";
    private const string Port = "port";

    private static readonly string[] HostKeywords = ["host", "server", "username", "user id", "database"];

    /// <summary>libpq's names and Npgsql's.</summary>
    private static readonly Dictionary<string, string> Options = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["options"] = "Options",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
        ["passfile"] = "Passfile",
        ["sslpassword"] = "SSL Password",
        ["sslnegotiation"] = "SSL Negotiation",
        ["channel_binding"] = "Channel Binding",
        ["require_auth"] = "Require Auth",
        ["krbsrvname"] = "Kerberos Service Name",
        ["gssencmode"] = "GSS Encryption Mode",
        [TargetSession] = "Target Session Attributes",
    };

    /// <summary>libpq's options that Npgsql has nothing for.</summary>
    private static readonly HashSet<string> Unsupported = new(StringComparer.OrdinalIgnoreCase)
    {
        "hostaddr", "service", "gsslib", "gssdelegation", "requirepeer", "sslcrl", "sslcrldir", "sslsni",
        "sslcompression", "sslcertmode", "ssl_min_protocol_version", "ssl_max_protocol_version", "keepalives",
        "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", "load_balance_hosts",
        "replication", "client_encoding", "fallback_application_name",
    };

    private static IEnumerable<string> Allowed => ["artifacts", Host, Port, .. Options.Keys];

    private static readonly string[] WritableSessions = ["any", "read-write", "primary", "prefer-primary"];

    public static bool IsKeywords(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) > 0
        && text.Split(';').Any(part => HostKeywords.Contains(Name(part), StringComparer.OrdinalIgnoreCase));

    public static PostgresTarget ParseKeywords(string text)
    {
        var parts = text.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .ToLookup(part => Name(part).Equals("artifacts", StringComparison.OrdinalIgnoreCase));
        var folder = parts[true].LastOrDefault() is { } named
            ? Folder(named.Contains('=', StringComparison.Ordinal) ? named.Split('=', 2)[1].Trim() : "")
            : null;
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(string.Join(';', parts[false]));
            return new PostgresTarget(builder, folder);
        }
        catch (Exception error) when (IsRefused(error))
        {
            throw new SweepsException(
                ErrorKind.Usage,
                "Store address in keyword form is not understood; write "
                    + "Host=...;Port=...;Username=...;Password=...;Database=... with Npgsql's keywords.");
        }
    }

    public static PostgresTarget ParseUri(string text)
    {
        var uri = Uri().Match(text);
        var (path, query) = (uri.Groups["path"].Value, uri.Groups["query"].Value);
        // A password with an unescaped / or ? was cut in two: going on would show a part of it as a database's name.
        if (path.Contains('@', StringComparison.Ordinal) || query.Contains('@', StringComparison.Ordinal))
            throw Wrong("an '@' after its first '/' or '?'", ", in the password '/' as %2F, '?' as %3F, '@' as %40");
        var builder = new NpgsqlConnectionStringBuilder();
        foreach (var (keyword, group) in (ReadOnlySpan<(string, string)>)
            [("Username", "user"), ("Password", "password"), ("Database", "path")])
        {
            if (uri.Groups[group] is { Success: true, Length: > 0 } part)
                Take(keyword, System.Uri.UnescapeDataString(part.Value));
        }

        var named = uri.Groups["hosts"].Value.Split(',').Select(ReadHost).ToArray();
        var (hosts, folder) = ReadOptions(builder, query, named);
        Take("Host", hosts is [var (host, _)] ? host : string.Join(',', hosts));
        builder.Port = hosts[0].Port;
        return new PostgresTarget(builder, folder);

        void Take(string keyword, string value)
        {
            try
            {
                builder[keyword] = value;
            }
            catch (ArgumentException)
            {
                throw Wrong("a part that is not allowed in it");
            }
        }
    }

    /// <summary>
    /// The last @ parts the user from the hosts, since a password that was not percent-encoded may hold one.
    /// </summary>
    [GeneratedRegex(
        @"^\w+://(?:(?<user>[^:/?]*)(?::(?<password>[^/?]*))?@)?(?<hosts>[^/?]*)"
            + @"(?:/(?<path>[^?]*))?(?:\?(?<query>.*))?$",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Uri();

    /// <summary>A host in brackets is an IPv6 address.</summary>
    [GeneratedRegex(@"^(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>.*))?$", RegexOptions.Singleline)]
    private static partial Regex HostAndPort();

    private static ServerHost ReadHost(string text)
    {
        var part = HostAndPort().Match(text);
        var host = System.Uri.UnescapeDataString(part.Groups["host"].Value).Trim('[', ']');
        return part.Success
            ? new(
                host.Length == 0 ? ServerHost.Here : host,
                part.Groups["port"].Success ? ReadPort(part.Groups["port"].Value) : ServerHost.UsualPort)
            : throw Wrong("a host with more than one ':'; an IPv6 address stands in brackets");
    }

    private static int ReadPort(string text) =>
        int.TryParse(text, out var port) && port is > 0 and < 65536
            ? port
            : throw Wrong(
                "no valid port after the host; allowed is 1 to 65535", " (in the password '/' as %2F and '?' as %3F)");

    private static (ServerHost[] Hosts, string? Folder) ReadOptions(
        NpgsqlConnectionStringBuilder builder, string query, ServerHost[] named)
    {
        var hosts = named;
        string? folder = null;
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            var name = System.Uri.UnescapeDataString(pair[0]);
            var value = pair.Length > 1 ? System.Uri.UnescapeDataString(pair[1]) : "";
            if (name.Equals("artifacts", StringComparison.OrdinalIgnoreCase))
                folder = Folder(value);
            else if (name.Equals(Host, StringComparison.OrdinalIgnoreCase))
                hosts = [.. value.Split(',').Select((host, i) => new ServerHost(host, PortOf(named, i)))];
            else if (name.Equals(Port, StringComparison.OrdinalIgnoreCase))
                hosts = WithPorts(hosts, value.Split(','));
            else if (Options.TryGetValue(name, out var keyword))
                Set(builder, name, keyword, value);
            else if (Unsupported.Contains(name))
                throw Wrong($"the option '{name}', which Npgsql, this program's driver, does not have; leave it out");
            else
                throw Wrong($"the option '{name}'; allowed are {string.Join(", ", Allowed)}");
        }

        return (hosts, folder);
    }

    private static int PortOf(ServerHost[] hosts, int index) => hosts[Math.Min(index, hosts.Length - 1)].Port;

    /// <summary>As libpq: one port for all, or one for each.</summary>
    private static ServerHost[] WithPorts(ServerHost[] hosts, string[] ports) =>
        ports.Length == 1 || ports.Length == hosts.Length
            ? [.. hosts.Select((host, i) => host with { Port = ReadPort(ports[Math.Min(i, ports.Length - 1)]) })]
            : throw Wrong($"{ports.Length} ports for {hosts.Length} hosts; allowed are one for all or one for each");

    private static string Folder(string text) => text.Length > 0
        ? Path.GetFullPath(text)
        : throw Wrong("the option 'artifacts' without a folder; write artifacts=FOLDER");

    private static void Set(NpgsqlConnectionStringBuilder builder, string name, string keyword, string value)
    {
        if (name.Equals(TargetSession, StringComparison.OrdinalIgnoreCase) && !WritableSessions.Contains(value))
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"Store address: option {name} = '{value}'; allowed are {string.Join(", ", WritableSessions)}, since a "
                    + "store is written, also where it is watched.");
        }

        try
        {
            // libpq writes verify-full, Npgsql VerifyFull.
            builder[keyword] = keyword == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        catch (Exception error) when (IsRefused(error))
        {
            var shown = name.Equals("password", StringComparison.OrdinalIgnoreCase) ? "" : $" = '{value}'";
            throw new SweepsException(ErrorKind.Usage, $"Store address: option {name}{shown} is not understood; see "
                + "libpq's documentation of it.");
        }
    }

    private static bool IsRefused(Exception error) =>
        error is ArgumentException or FormatException or OverflowException or KeyNotFoundException;

    private static string Name(string part) => part.Split('=', 2)[0].Trim();

    private static SweepsException Wrong(string found, string escapes = "") =>
        new(ErrorKind.Usage, $"Store address has {found}; {Shape}{escapes}.");
}
