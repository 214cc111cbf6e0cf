using Npgsql;

namespace Sweeps.Store.Addresses;

/// <summary>A PostgreSQL database to connect to. The connection string stays inside: nothing here prints it.</summary>
internal sealed class PostgresTarget
{
    private readonly string _connectionString;

    public PostgresTarget(NpgsqlConnectionStringBuilder builder, string? artifactFolder)
    {
        _connectionString = builder.ConnectionString;
        Host = builder.Host ?? "localhost";
        Port = builder.Port;
        User = builder.Username ?? Environment.GetEnvironmentVariable("PGUSER") ?? Environment.UserName;
        Database = builder.Database ?? Environment.GetEnvironmentVariable("PGDATABASE") ?? User;
        ArtifactFolder = artifactFolder;
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        Display = $"postgres://{User}@{host}:{Port}/{Database}";
    }

    public string Host { get; }

    public int Port { get; }

    public string User { get; }

    public string Database { get; }

    /// <summary>The folder that all silos see and keep artifacts in; null: in the database.</summary>
    public string? ArtifactFolder { get; }

    public string Display { get; }

    /// <summary>A fresh builder with the password in it; for opening connections only.</summary>
    public NpgsqlConnectionStringBuilder Secret() => new(_connectionString) { Username = User, Database = Database };

    /// <summary>Takes the password out of a text, should another library have put it there.</summary>
    public string Scrub(string text)
    {
        var password = new NpgsqlConnectionStringBuilder(_connectionString).Password
            ?? Environment.GetEnvironmentVariable("PGPASSWORD");
        return string.IsNullOrEmpty(password) ? text : text.Replace(password, "***", StringComparison.Ordinal);
    }

    public override string ToString() => Display;
}
