using Npgsql;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

/// <summary>
/// Brings a database to this program's version. One process at a time: the others wait and find it done. Nobody else
/// may have the store open meanwhile, since a program of the version before would go on writing by its own rules.
/// </summary>
internal static class PostgresMigrations
{
    /// <summary>"Swps", as SQLite's mark; the key of the advisory lock.</summary>
    private const long LockKey = 0x53777073;

    /// <summary>How long connections that have just been closed may take to go.</summary>
    private static readonly TimeSpan LeavingTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LeavingPause = TimeSpan.FromMilliseconds(100);

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
        if (version == Version)
            return;
        if (version > 0)
            await CheckAloneAsync(session, connection, version, cancellationToken);
        foreach (var migration in Migrations.Skip(version))
        {
            await ExecuteAsync(migration.Sql);
            await ExecuteAsync(
                "INSERT INTO sweeps.migrations (version, name) VALUES ($1, $2)", migration.Version, migration.Name);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Whoever opens the store from here on waits for the lock and then reads the new version. Who had it open before
    /// is seen by the connections: each process keeps one on which it listens, whatever it is called.
    /// </summary>
    private static async Task CheckAloneAsync(
        PostgresSession session, NpgsqlConnection connection, int version, CancellationToken cancellationToken)
    {
        await using var shut = session.Command(connection, "LOCK TABLE sweeps.migrations IN ACCESS EXCLUSIVE MODE");
        await shut.ExecuteNonQueryAsync(cancellationToken);
        var others = await OthersAsync(session, connection, cancellationToken);
        for (var waited = TimeSpan.Zero; others.Count > 0 && waited < LeavingTime; waited += LeavingPause)
        {
            await Task.Delay(LeavingPause, cancellationToken);
            others = await OthersAsync(session, connection, cancellationToken);
        }

        if (others.Count > 0)
        {
            throw new StoreException(
                StoreReason.InUse,
                $"The store {session.Target} has version {version} and must be brought to version {Version}, for which "
                    + $"nobody else may have it open: it is in use by {string.Join(", ", others)}. Nothing was "
                    + "changed. Wait for them to end or stop them (silos, dashboards, 'watch'), then run the same "
                    + "command again.");
        }
    }

    private static async Task<List<string>> OthersAsync(
        PostgresSession session, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var clear = session.Command(connection, "SELECT pg_stat_clear_snapshot()");
        await clear.ExecuteNonQueryAsync(cancellationToken);
        await using var command = session.Command(
            connection,
            $"""
            SELECT format('a process on %s (since %s)', coalesce(host(client_addr), 'the server itself'),
                to_char(min(backend_start), 'YYYY-MM-DD HH24:MI'))
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND (application_name = '{PostgresSession.Application}' OR query = '{PostgresListener.Listen}'
                    OR query = '{PostgresListener.Poll}')
            GROUP BY client_addr ORDER BY min(backend_start)
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var others = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            others.Add(reader.GetString(0));
        return others;
    }
}
