using Npgsql;
using Sweeps.Core;

namespace Sweeps.Store.Addresses;

/// <summary>
/// Reads Npgsql's own form, <c>Host=db;Username=ada;Database=lab</c>, with <c>Artifacts=FOLDER</c> added.
/// </summary>
internal static class PostgresKeywords
{
    private static readonly string[] Hosts = ["host", "server", "username", "user id", "database"];

    public static bool Recognises(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && text.Split(';').Any(IsHost);
    }

    public static PostgresTarget Parse(string text)
    {
        string? folder = null;
        var kept = new List<string>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Name(part).Equals("artifacts", StringComparison.OrdinalIgnoreCase))
                folder = Path.GetFullPath(part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim());
            else
                kept.Add(part);
        }

        return new PostgresTarget(Build(string.Join(';', kept)), folder);
    }

    private static NpgsqlConnectionStringBuilder Build(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception error) when (
            error is ArgumentException or FormatException or OverflowException or KeyNotFoundException)
        {
            // Npgsql's message may repeat a part of the string, and with it the password: it is not shown.
            throw new SweepsException(
                ErrorKind.Usage,
                "Store address in keyword form is not understood; write "
                    + "Host=...;Port=...;Username=...;Password=...;Database=... with Npgsql's keywords.");
        }
    }

    private static bool IsHost(string part) => Hosts.Contains(Name(part), StringComparer.OrdinalIgnoreCase);

    private static string Name(string part)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        return (equals < 0 ? part : part[..equals]).Trim();
    }
}
