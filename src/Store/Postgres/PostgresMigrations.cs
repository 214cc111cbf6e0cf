using Npgsql;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

/// <summary>
/// Brings a database to this program's version. One process at a time: the others wait and find it done.
/// </summary>
internal static class PostgresMigrations
{
    /// <summary>"Swps", as SQLite's mark; the key of the advisory lock.</summary>
    private const long LockKey = 0x53777073;

    private static readonly IReadOnlyList<Migration> Migrations = Migration.Load("Postgres");

    public static int Version => Migrations.Count;

    public static Task ApplyAsync(PostgresSession session, StoreAccess access, CancellationToken cancellationToken) =>
        session.RunAsync(
            async (connection, token) =>
            {
                var version = await ReadVersionAsync(session, connection, token);
                CheckVersion(session.Target, version, access);
                if (version < Version)
                    await UpgradeAsync(session, connection, token);
                return true;
            },
            cancellationToken);

    private static async Task<int> ReadVersionAsync(
        PostgresSession session, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = session.Command(connection, "SELECT to_regclass('sweeps.migrations') IS NOT NULL");
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
            return 0;
        await using var read = session.Command(connection, "SELECT coalesce(max(version), 0) FROM sweeps.migrations");
        return (int)(await read.ExecuteScalarAsync(cancellationToken))!;
    }

    private static void CheckVersion(PostgresTarget target, int version, StoreAccess access)
    {
        if (version > Version)
        {
            throw new StoreException(
                StoreReason.OtherVersion,
                $"The store {target} has version {version}, this program knows versions up to {Version}. Nothing was "
                    + "changed; use the newer program, or choose another database with --store.");
        }

        if (version == 0 && access != StoreAccess.ReadWrite)
        {
            throw new StoreException(
                StoreReason.Missing,
                $"There is no store in {target}. Run a sweep first, or name the place with --store.");
        }

        if (version < Version && access == StoreAccess.ReadOnly)
        {
            throw new StoreException(
                StoreReason.OtherVersion,
                $"The store {target} has version {version}, this program reads {Version}. Any command that writes "
                    + "brings it up to date, for example: sweeps resume ID, or sweeps run FILE");
        }
    }

    private static async Task UpgradeAsync(
        PostgresSession session, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        async Task ExecuteAsync(string sql, params object?[] values)
        {
            await using var command = session.Command(connection, sql, values);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await ExecuteAsync("SELECT pg_advisory_xact_lock($1)", LockKey);
        await ExecuteAsync("CREATE SCHEMA IF NOT EXISTS sweeps");
        await ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS sweeps.migrations (
                version integer PRIMARY KEY, name text NOT NULL, applied timestamptz NOT NULL DEFAULT clock_timestamp())
            """);
        var version = await ReadVersionAsync(session, connection, cancellationToken);
        CheckVersion(session.Target, version, StoreAccess.ReadWrite);
        foreach (var migration in Migrations.Skip(version))
        {
            await ExecuteAsync(migration.Sql);
            await ExecuteAsync(
                "INSERT INTO sweeps.migrations (version, name) VALUES ($1, $2)", migration.Version, migration.Name);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
