using System.Text.RegularExpressions;
using Npgsql;
using Sweeps.Core;

namespace Sweeps.Store.Addresses;

/// <summary>
/// Reads the two forms of a server's address, <c>postgres://user:password@host:port/database?option=value</c> with
/// libpq's option names and Npgsql's own <c>Host=db;Username=ada;Database=lab</c>, both with <c>artifacts=FOLDER</c>
/// added. Npgsql's messages may repeat a part of the text and with it the password: they are never shown.
/// </summary>
internal static partial class PostgresAddress
{
    private const string Shape = "write postgres://USER:PASSWORD@HOST:PORT/DATABASE";

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
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
        ["passfile"] = "Passfile",
    };

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
        try
        {
            foreach (var (keyword, group) in (ReadOnlySpan<(string, string)>)
                [("Username", "user"), ("Password", "password"), ("Host", "host"), ("Database", "path")])
            {
                if (uri.Groups[group] is { Success: true, Length: > 0 } part)
                {
                    var value = keyword == "Host" ? part.Value.Trim('[', ']') : part.Value;
                    builder[keyword] = System.Uri.UnescapeDataString(value);
                }
            }
        }
        catch (ArgumentException)
        {
            throw Wrong("a part that is not allowed in it");
        }

        if (uri.Groups["port"].Success)
            builder.Port = ReadPort(uri.Groups["port"].Value);
        var folder = ReadOptions(builder, query);
        builder.Host ??= "localhost";
        return new PostgresTarget(builder, folder);
    }

    /// <summary>
    /// The last @ parts the user from the host, since a password that was not percent-encoded may hold one; a host in
    /// brackets is an IPv6 address.
    /// </summary>
    [GeneratedRegex(
        @"^\w+://(?:(?<user>[^:/?]*)(?::(?<password>[^/?]*))?@)?(?<host>\[[^\]/?]*\]|[^/?]*?)(?::(?<port>[^:/?]*))?"
            + @"(?:/(?<path>[^?]*))?(?:\?(?<query>.*))?$",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Uri();

    private static int ReadPort(string text) =>
        int.TryParse(text, out var port) && port is > 0 and < 65536
            ? port
            : throw Wrong(
                "no valid port after the host; allowed is 1 to 65535", " (in the password '/' as %2F and '?' as %3F)");

    private static string? ReadOptions(NpgsqlConnectionStringBuilder builder, string query)
    {
        string? folder = null;
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            var name = System.Uri.UnescapeDataString(pair[0]);
            var value = pair.Length > 1 ? System.Uri.UnescapeDataString(pair[1]) : "";
            if (name.Equals("artifacts", StringComparison.OrdinalIgnoreCase))
                folder = Folder(value);
            else if (Options.TryGetValue(name, out var keyword))
                Set(builder, name, keyword, value);
            else
                throw Wrong($"the option '{name}'; allowed are artifacts, {string.Join(", ", Options.Keys)}");
        }

        return folder;
    }

    private static string Folder(string text) => text.Length > 0
        ? Path.GetFullPath(text)
        : throw Wrong("the option 'artifacts' without a folder; write artifacts=FOLDER");

    private static void Set(NpgsqlConnectionStringBuilder builder, string name, string keyword, string value)
    {
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
