using Sweeps.Core;

namespace Sweeps.Store.Addresses;

/// <summary>
/// Where a store is. Accepted: a folder (<c>.sweeps</c>, the default: the file <c>sweeps.db</c> in it),
/// <c>sqlite:PATH</c> (a folder or a <c>.db</c> file), <c>postgres://user:password@host:port/database?options</c> or
/// <c>postgresql://</c>, where several <c>host:port</c> are set off by commas, and Npgsql's keywords
/// (<c>Host=...;Database=...</c>). The password may also come from PGPASSWORD or ~/.pgpass; it is never printed.
/// </summary>
public sealed class StoreAddress
{
    /// <summary>The variable that names the store where the command line does not.</summary>
    public const string EnvironmentVariable = "SWEEPS_STORE";

    /// <summary>The store of a folder that names none.</summary>
    public const string Default = ".sweeps";

    /// <summary>The database's file name in a store's folder.</summary>
    public const string FileName = "sweeps.db";

    private readonly string _display;

    internal StoreAddress(StoreKind kind, string display, string path = "", PostgresTarget? postgres = null) =>
        (Kind, _display, Path, Postgres) = (kind, display, path, postgres);

    /// <summary>The database.</summary>
    public StoreKind Kind { get; }

    /// <summary>SQLite: the full path of the database file; otherwise empty.</summary>
    public string Path { get; }

    /// <summary>Whether the store is on this machine, so that its other users are, too.</summary>
    public bool IsLocal => Postgres is null || Postgres.Hosts.All(host => host.IsLocal);

    /// <summary>Whether the password stands in the address itself.</summary>
    public bool HasPassword => Postgres?.Secret().Password is { Length: > 0 };

    internal PostgresTarget? Postgres { get; }

    /// <summary>Reads an address; null or empty: the variable SWEEPS_STORE, else <see cref="Default"/>.</summary>
    /// <exception cref="SweepsException">It is none; the message says what is allowed and never shows a
    /// password.</exception>
    public static StoreAddress Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            text = Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (string.IsNullOrWhiteSpace(text))
            text = Default;
        text = text.Trim();
        if (HasScheme(text, "postgres://") || HasScheme(text, "postgresql://"))
            return Server(PostgresAddress.ParseUri(text));
        if (PostgresAddress.IsKeywords(text))
            return Server(PostgresAddress.ParseKeywords(text));
        if (HasScheme(text, "sqlite:"))
            return File(text["sqlite:".Length..]);
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"Store address starts with '{text[..scheme]}://'; allowed are a folder, sqlite:PATH and "
                    + "postgres://USER@HOST/DATABASE.");
        }

        return File(text);
    }

    /// <summary>The address without its password.</summary>
    public override string ToString() => _display;

    private static StoreAddress Server(PostgresTarget target) =>
        new(StoreKind.Postgres, target.Display, postgres: target);

    private static StoreAddress File(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new SweepsException(ErrorKind.Usage, "Store address 'sqlite:' lacks a path; write sqlite:FOLDER or "
                + "sqlite:FILE.db.");
        var isFile = path.EndsWith(".db", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path);
        var file = System.IO.Path.GetFullPath(isFile ? path : System.IO.Path.Combine(path, FileName));
        return new StoreAddress(StoreKind.Sqlite, file, file);
    }

    private static bool HasScheme(string text, string scheme) =>
        text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The databases behind the store's interface.</summary>
public enum StoreKind
{
    /// <summary>A file of this machine, shared by its processes.</summary>
    Sqlite = 0,

    /// <summary>A server that any number of silos share.</summary>
    Postgres = 1,
}
