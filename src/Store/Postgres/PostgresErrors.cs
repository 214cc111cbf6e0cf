using System.Net.Sockets;
using Npgsql;
using Sweeps.Core;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

/// <summary>
/// Says what PostgreSQL's and the network's errors mean for the user's store, and which of them may pass.
/// </summary>
internal static class PostgresErrors
{
    private static readonly HashSet<string> PassingStates =
    [
        PostgresErrorCodes.SerializationFailure,
        PostgresErrorCodes.DeadlockDetected,
        PostgresErrorCodes.AdminShutdown,
        PostgresErrorCodes.CrashShutdown,
        PostgresErrorCodes.CannotConnectNow,
        PostgresErrorCodes.TooManyConnections,
        PostgresErrorCodes.QueryCanceled,
        PostgresErrorCodes.LockNotAvailable,
        "25P03", // idle_in_transaction_session_timeout
    ];

    /// <summary>
    /// True: the server or the way to it may be back in a moment, or another transaction was in the way.
    /// </summary>
    public static bool IsPassing(Exception error) => error switch
    {
        PostgresException { SqlState: var state } when PassingStates.Contains(state) => true,
        PostgresException server => server.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException } => true,
        NpgsqlException { InnerException: AggregateException hosts } => hosts.InnerExceptions.Any(IsPassing),
        NpgsqlException { InnerException: null } none when IsNoHost(none) => true,
        NpgsqlException client => client.IsTransient,
        IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Of several hosts none is what was asked for, as while a standby takes over.</summary>
    private static bool IsNoHost(NpgsqlException error) =>
        error is not PostgresException && error.Message.StartsWith("No suitable host", StringComparison.Ordinal);

    /// <summary>The user's words for it. The cause is not chained if its text would show the password.</summary>
    public static SweepsException Translate(PostgresTarget target, Exception error)
    {
        if (error is SweepsException known)
            return known;
        var cause = target.Scrub(error.ToString()) == error.ToString() ? error : null;
        return new StoreException(ReasonOf(error), target.Scrub(Describe(target, error)), cause);
    }

    private static StoreReason ReasonOf(Exception error) => error switch
    {
        PostgresException when PostgresBatches.IsFence(error) => StoreReason.OtherVersion,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => StoreReason.Full,
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => StoreReason.Missing,
        PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted } =>
            StoreReason.Damaged,
        PostgresException
        {
            SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InsufficientPrivilege,
        } => StoreReason.NotWritable,
        _ => IsPassing(error) ? StoreReason.OutOfReach : StoreReason.Other,
    };

    private static string Describe(PostgresTarget target, Exception error) => error switch
    {
        PostgresException when PostgresBatches.IsFence(error) =>
            StoreRules.ChangedMeanwhile(target.Display, PostgresMigrations.Version),
        PostgresException server => Describe(target, server),
        NpgsqlException { InnerException: SocketException socket } =>
            $"The store {target} is out of reach: {socket.Message}. Check the host and the port and that PostgreSQL "
                + "runs there and accepts connections from this machine.",
        NpgsqlException { InnerException: AggregateException hosts } =>
            $"None of the hosts of the store {target} can be used: "
                + $"{string.Join(" ", hosts.InnerExceptions.Select(host => Describe(target, host)).Distinct())}",
        NpgsqlException none when IsNoHost(none) =>
            $"None of the hosts of the store {target} can be used: each is away or not what target_session_attrs asks "
                + "for, by default a server that takes writes. Check that the primary server is among them and runs, "
                + "or wait until a standby has taken over.",
        NpgsqlException { InnerException: TimeoutException } or TimeoutException =>
            $"The store {target} does not answer in time. Check the network and the server's load.",
        NpgsqlException when error.Message.Contains("password", StringComparison.OrdinalIgnoreCase) =>
            $"The store {target} asks for a password and none was given. Put it in the address, in PGPASSWORD or in "
                + "~/.pgpass.",
        NpgsqlException { InnerException: { } inner } =>
            $"The connection to the store {target} failed: {error.Message} ({inner.Message})",
        _ => $"The store {target} failed: {error.Message}",
    };

    /// <summary>The statement that gives the right which an error misses; null: it misses none.</summary>
    public static string? Grant(PostgresTarget target, Exception error) => error switch
    {
        PostgresException { SqlState: not PostgresErrorCodes.InsufficientPrivilege } => null,
        // Of the two errors with that text, this is a connection's.
        PostgresException { Routine: "InitPostgres" or "CheckMyDatabase" } =>
            $"GRANT CONNECT ON DATABASE \"{target.Database}\" TO \"{target.User}\"",
        PostgresException server when server.MessageText.Contains("for database", StringComparison.Ordinal) =>
            $"GRANT CREATE ON DATABASE \"{target.Database}\" TO \"{target.User}\"",
        PostgresException server when server.MessageText.Contains("for schema", StringComparison.Ordinal) =>
            $"GRANT USAGE ON SCHEMA sweeps TO \"{target.User}\"; {GrantOnTables(target)}",
        PostgresException server when server.MessageText.Contains("owner of", StringComparison.Ordinal) =>
            $"run the command once as the owner of the schema sweeps, or GRANT that role TO \"{target.User}\"",
        PostgresException => GrantOnTables(target),
        _ => null,
    };

    /// <summary>The statement that gives all rights on the store's tables.</summary>
    public static string GrantOnTables(PostgresTarget target) =>
        $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sweeps TO \"{target.User}\"";

    private static string Describe(PostgresTarget target, PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword =>
            $"The store {target} refused the password of the user '{target.User}'. Check the one in the address, in "
                + "PGPASSWORD or in ~/.pgpass.",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"The store {target} lets the user '{target.User}' not in: {error.MessageText}. Check the user's name and "
                + "the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"The server of the store {target} has no database '{target.Database}'. Create it with: createdb -h "
                + $"{target.Hosts[0].Name} -p {target.Hosts[0].Port} -U {target.User} {target.Database}",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"The user '{target.User}' may not do what the store {target} needs: {error.MessageText}. "
                + $"Its owner can give that right: {Grant(target, error)}",
        PostgresErrorCodes.DiskFull =>
            $"The disk of the store {target} is full. Everything acknowledged is safe; free some space on the "
                + "server.",
        PostgresErrorCodes.TooManyConnections =>
            $"The store {target} has no connection left. Raise max_connections on the server, or run fewer silos.",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
            $"The store {target} is damaged: {error.MessageText}. Restore the database from a backup.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"The store {target} takes no writes: it was opened for reading only, or the server is a standby. Name the "
                + "primary server.",
        PostgresErrorCodes.QueryCanceled =>
            $"The store {target} took too long for a statement. Check the server's load.",
        _ => $"The store {target} refused an operation: {error.MessageText} (PostgreSQL code {error.SqlState}).",
    };
}
