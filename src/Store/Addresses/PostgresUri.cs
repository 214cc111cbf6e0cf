using Npgsql;
using Sweeps.Core;

namespace Sweeps.Store.Addresses;

/// <summary>Reads <c>postgres://user:password@host:port/database?option=value</c> with libpq's option names.</summary>
internal static class PostgresUri
{
    private const string Shape = "write postgres://USER:PASSWORD@HOST:PORT/DATABASE";

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

    public static PostgresTarget Parse(string text)
    {
        try
        {
            return Read(text);
        }
        catch (ArgumentException)
        {
            // Npgsql names the value in its message, and the value may be the password.
            throw new SweepsException(ErrorKind.Usage, $"Store address has a part that is not allowed in it; {Shape}.");
        }
    }

    private static PostgresTarget Read(string text)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var query = Cut(ref rest, '?');
        var path = Cut(ref rest, '/');
        if (path.Contains('@', StringComparison.Ordinal) || query.Contains('@', StringComparison.Ordinal))
        {
            // A password with an unescaped / or ? was cut in two; going on would show a part of it as a database's
            // name.
            throw new SweepsException(
                ErrorKind.Usage,
                $"Store address has an '@' after its first '/' or '?'; {Shape}, in the password '/' as %2F, '?' as "
                    + "%3F, '@' as %40.");
        }

        // The last @ parts the user from the host: a password that was not percent-encoded may hold one.
        var at = rest.LastIndexOf('@');
        if (at >= 0)
            ReadUser(builder, rest[..at]);
        ReadHost(builder, rest[(at + 1)..]);
        if (path.Length > 0)
            builder.Database = Uri.UnescapeDataString(path);
        var folder = ReadOptions(builder, query);
        builder.Host ??= "localhost";
        return new PostgresTarget(builder, folder);
    }

    private static void ReadUser(NpgsqlConnectionStringBuilder builder, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        builder.Username = Uri.UnescapeDataString(colon < 0 ? text : text[..colon]);
        if (colon >= 0)
            builder.Password = Uri.UnescapeDataString(text[(colon + 1)..]);
    }

    private static void ReadHost(NpgsqlConnectionStringBuilder builder, string text)
    {
        var hostEnd = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.LastIndexOf(':');
        if (hostEnd < 0 || (text.StartsWith('[') && hostEnd == 0))
            hostEnd = text.Length;
        var host = Uri.UnescapeDataString(text[..hostEnd].Trim('[', ']'));
        if (host.Length > 0)
            builder.Host = host;
        if (hostEnd < text.Length)
            builder.Port = ReadPort(text[(hostEnd + 1)..]);
    }

    private static int ReadPort(string text) =>
        int.TryParse(text, out var port) && port is > 0 and < 65536
            ? port
            : throw new SweepsException(
                ErrorKind.Usage,
                $"Store address has no valid port after the host; allowed is 1 to 65535; {Shape} (in the password '/' "
                    + "as %2F and '?' as %3F).");

    private static string? ReadOptions(NpgsqlConnectionStringBuilder builder, string query)
    {
        string? folder = null;
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = part;
            var name = Uri.UnescapeDataString(CutFirst(ref value, '='));
            value = Uri.UnescapeDataString(value);
            if (name.Equals("artifacts", StringComparison.OrdinalIgnoreCase))
                folder = Path.GetFullPath(value);
            else if (Options.TryGetValue(name, out var keyword))
                Set(builder, name, keyword, value);
            else
                throw new SweepsException(ErrorKind.Usage, $"Store address has the option '{name}'; allowed are "
                    + $"artifacts, {string.Join(", ", Options.Keys)}.");
        }

        return folder;
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string name, string keyword, string value)
    {
        try
        {
            // libpq writes verify-full, Npgsql VerifyFull.
            builder[keyword] = keyword == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            var shown = name == "password" ? "" : $" = '{value}'";
            throw new SweepsException(ErrorKind.Usage, $"Store address: option {name}{shown} is not understood; see "
                + "libpq's documentation of it.");
        }
    }

    /// <summary>Cuts the text at the separator, keeps what is before it, and returns what is after it.</summary>
    private static string Cut(ref string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0)
            return "";
        var after = text[(at + 1)..];
        text = text[..at];
        return after;
    }

    private static string CutFirst(ref string text, char separator)
    {
        var before = text;
        text = Cut(ref before, separator);
        return before;
    }
}
