using Npgsql;
using Sweeps.Core;
using Sweeps.Store.Addresses;
using Sweeps.Store.Postgres;

namespace Sweeps.Store;

/// <summary>One thing that a silo does to a store, tried.</summary>
/// <param name="Name">What was tried, in a word or two.</param>
/// <param name="Found">How it went.</param>
/// <param name="Fix">What helps; null: it went well.</param>
public sealed record ProbeStep(string Name, string Found, string? Fix = null);

/// <summary>Tries what a silo will do to a store, and leaves nothing behind.</summary>
public static class StoreProbe
{
    private const string Elsewhere = "follow the message, or choose another --store";
    private static readonly TimeSpan NoticePatience = TimeSpan.FromSeconds(3);

    /// <summary>The libraries that stores are read with, as loaded.</summary>
    public static IReadOnlyList<(string Name, string Version)> Libraries()
    {
        SQLitePCL.Batteries_V2.Init();
        return
        [
            ("Npgsql", typeof(NpgsqlConnection).Assembly.GetName().Version?.ToString(3) ?? "unknown"),
            ("SQLite", SQLitePCL.raw.sqlite3_libversion().utf8_to_string()),
        ];
    }

    /// <summary>Tries it, step by step; the first step that fails is the last.</summary>
    public static async Task<IReadOnlyList<ProbeStep>> RunAsync(
        StoreAddress address, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Postgres is { } target
            ? await new ServerProbe(target).RunAsync(cancellation)
            : [Folder(address.Path)];
    }

    private static ProbeStep Folder(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        try
        {
            var tried = Path.Combine(folder, $".sweeps-doctor-{Guid.NewGuid():n}");
            File.WriteAllText(tried, "tried");
            File.Delete(tried);
            using var opened = File.Open(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return new("write", $"files can be written in {folder}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new("write", error.Message, $"give the user {Environment.UserName} the right to write to {folder}");
        }
    }

    private sealed class ServerProbe(PostgresTarget target)
    {
        private const string Fix = "fix";

        /// <summary>The rights on tables that a silo needs and this user lacks; NULL: none.</summary>
        private const string Lacking =
            """
            SELECT string_agg(need || ' on sweeps.' || relname, ', ' ORDER BY relname, need)
            FROM pg_class, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS need
            WHERE relnamespace = 'sweeps'::regnamespace AND relkind = 'r' AND relname <> 'migrations'
                AND NOT has_table_privilege(oid, need)
            """;

        private static readonly string MustUpgrade =
            $"""
            SELECT max(version) < {PostgresMigrations.Version}
                AND NOT pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = 'sweeps'), 'USAGE')
            FROM sweeps.migrations
            """;

        private readonly List<ProbeStep> _steps = [];

        public async Task<IReadOnlyList<ProbeStep>> RunAsync(CancellationToken cancellation)
        {
            var options = new StoreOptions { RetryTime = TimeSpan.Zero };
            await using var source = NpgsqlDataSource.Create(PostgresSession.Configure(target, options));
            if (await TryAsync("connect", token => ConnectAsync(source, token), cancellation)
                && await TryAsync("write", token => WriteAsync(source, token), cancellation))
            {
                await TryAsync("listen", token => ListenAsync(source, token), cancellation);
            }

            return _steps;
        }

        private async Task<bool> TryAsync(
            string name, Func<CancellationToken, Task<string>> work, CancellationToken cancellation)
        {
            try
            {
                _steps.Add(new(name, await work(cancellation)));
                return true;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                var known = PostgresErrors.Translate(target, error);
                _steps.Add(new(
                    name,
                    known.Message,
                    PostgresErrors.Grant(target, error) ?? error.Data[Fix] as string ?? Elsewhere));
                return false;
            }
        }

        private async Task<string> ConnectAsync(NpgsqlDataSource source, CancellationToken cancellation)
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            return $"PostgreSQL {connection.PostgreSqlVersion} as {target.User}, database {target.Database}";
        }

        /// <summary>All of a new store, or one row of each kind in the one that is there; taken back.</summary>
        private async Task<string> WriteAsync(NpgsqlDataSource source, CancellationToken cancellation)
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            const string looks = "SELECT to_regclass('sweeps.migrations') IS NOT NULL";
            var isThere = await ScalarAsync(connection, looks, cancellation) is true;
            string[] statements = isThere
                ?
                [
                    """
                    INSERT INTO sweeps.silos (incarnation, name, host, version, fingerprint, state, slots, training,
                        images_per_second, started, last_seen)
                    VALUES ('sweeps-doctor', 'sweeps-doctor', '', '', '', 3, 0, '[]', 0, now(), now())
                    """,
                    "UPDATE sweeps.silos SET slots = 1 WHERE incarnation = 'sweeps-doctor'",
                    "DELETE FROM sweeps.silos WHERE incarnation = 'sweeps-doctor'",
                ]
                : ["CREATE SCHEMA sweeps", "CREATE TABLE sweeps.tried (id integer PRIMARY KEY)"];
            foreach (var sql in statements)
                await ScalarAsync(connection, sql, cancellation);
            if (isThere && await ScalarAsync(connection, Lacking, cancellation) is string lacking)
                throw Problem($"the user {target.User} lacks rights: {lacking}", PostgresErrors.GrantOnTables(target));
            if (isThere && await ScalarAsync(connection, MustUpgrade, cancellation) is true)
                throw Problem(
                    $"the store has to be brought to version {PostgresMigrations.Version}, as its owner alone can",
                    "start one silo, or any command that writes, as the owner of the schema sweeps");
            await transaction.RollbackAsync(cancellation);
            return isThere ? "rows can be written and deleted" : "the store can be created";
        }

        /// <summary>A notice from one connection to another: a proxy that shares connections swallows them.</summary>
        private static async Task<string> ListenAsync(NpgsqlDataSource source, CancellationToken cancellation)
        {
            await using var listener = await source.OpenConnectionAsync(cancellation);
            await using var sender = await source.OpenConnectionAsync(cancellation);
            await using var listen = new NpgsqlCommand("LISTEN sweeps_doctor", listener);
            await listen.ExecuteNonQueryAsync(cancellation);
            await using var notify = new NpgsqlCommand("NOTIFY sweeps_doctor", sender);
            await notify.ExecuteNonQueryAsync(cancellation);
            return await listener.WaitAsync(NoticePatience, cancellation)
                ? "notices of changes arrive"
                : throw Problem(
                    $"a notice (LISTEN, NOTIFY) did not arrive within {NoticePatience.TotalSeconds:0} s",
                    "connect to the server itself, or to a proxy that keeps sessions (PgBouncer: pool_mode = session)");
        }

        private static SweepsException Problem(string found, string fix) =>
            new(ErrorKind.Store, found) { Data = { [Fix] = fix } };

        private static async Task<object?> ScalarAsync(
            NpgsqlConnection connection, string sql, CancellationToken cancellation)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(cancellation) is var value && value is DBNull ? null : value;
        }
    }
}
