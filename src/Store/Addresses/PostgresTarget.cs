using Npgsql;

namespace Sweeps.Store.Addresses;

/// <summary>A PostgreSQL database to connect to. The connection string stays inside: nothing here prints it.</summary>
internal sealed class PostgresTarget
{
    private const int ShortPassword = 8;

    private readonly string _connectionString;

    public PostgresTarget(NpgsqlConnectionStringBuilder builder, string? artifactFolder)
    {
        _connectionString = builder.ConnectionString;
        Hosts = ServerHost.Read(builder.Host ?? ServerHost.Here, builder.Port);
        User = builder.Username ?? Environment.GetEnvironmentVariable("PGUSER") ?? Environment.UserName;
        Database = builder.Database ?? Environment.GetEnvironmentVariable("PGDATABASE") ?? User;
        ArtifactFolder = artifactFolder;
        Display = $"postgres://{User}@{string.Join(',', Hosts)}/{Database}";
    }

    /// <summary>The servers that may have it, in the order in which they are tried.</summary>
    public IReadOnlyList<ServerHost> Hosts { get; }

    public string User { get; }

    public string Database { get; }

    /// <summary>The folder that all silos see and keep artifacts in; null: in the database.</summary>
    public string? ArtifactFolder { get; }

    public string Display { get; }

    /// <summary>A fresh builder with the password in it; for opening connections only.</summary>
    public NpgsqlConnectionStringBuilder Secret() => new(_connectionString) { Username = User, Database = Database };

    /// <summary>
    /// What the server of a session must be. Of several hosts, where nothing else is said, the one that takes writes.
    /// With one host Npgsql has no choice to make, and a server that takes no writes says so itself.
    /// </summary>
    /// <param name="wanted">What the address says.</param>
    /// <param name="isReadOnly">The session asks for no writes, so the server looks as if it took none.</param>
    public string? SessionAttributes(string? wanted, bool isReadOnly)
    {
        if (Hosts.Count == 1)
            return null;
        wanted ??= Environment.GetEnvironmentVariable("PGTARGETSESSIONATTRS") ?? "read-write";
        return isReadOnly && wanted == "read-write" ? "primary" : wanted;
    }

    /// <summary>
    /// Takes the password out of a text, should another library have put it there. One that is short, or part of the
    /// address, is looked for where passwords stand alone: elsewhere it is an ordinary word, and to blot it out would
    /// spoil the message and tell where it stands.
    /// </summary>
    public string Scrub(string text)
    {
        var password = new NpgsqlConnectionStringBuilder(_connectionString).Password
            ?? Environment.GetEnvironmentVariable("PGPASSWORD");
        if (string.IsNullOrEmpty(password))
            return text;
        foreach (var written in (string[])[password, Uri.EscapeDataString(password)])
        {
            text = text.Replace($":{written}@", ":***@", StringComparison.Ordinal)
                .Replace($"password={written}", "password=***", StringComparison.OrdinalIgnoreCase);
        }

        return password.Length < ShortPassword || Display.Contains(password, StringComparison.Ordinal)
            ? text
            : text.Replace(password, "***", StringComparison.Ordinal);
    }

    public override string ToString() => Display;
}
