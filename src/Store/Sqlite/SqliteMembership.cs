using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

internal sealed class SqliteMembership(SqliteSession session) : IMembershipStore
{
    public Task InitializeAsync(string cluster, CancellationToken cancellationToken = default) => session.WriteAsync(
        1,
        database => database.Execute("INSERT OR IGNORE INTO clusters (id, version) VALUES (?, 0)", cluster),
        cancellationToken);

    public Task<MembershipTable> ReadAsync(string cluster, CancellationToken cancellationToken = default) =>
        session.ReadAsync(database => Read(database, cluster, null), cancellationToken);

    public Task<MembershipTable> ReadRowAsync(
        string cluster, string silo, CancellationToken cancellationToken = default) =>
        session.ReadAsync(database => Read(database, cluster, silo), cancellationToken);

    public Task<bool> InsertRowAsync(
        string cluster, MembershipEntry entry, long tableVersion, CancellationToken cancellationToken = default)
    {
        const string sql =
            """
            INSERT OR IGNORE INTO cluster_members (cluster, silo, version, active, entry, i_am_alive)
            SELECT id, ?, 1, ?, ?, ? FROM clusters WHERE id = ? AND version = ?
            """;
        return session.WriteAsync(
            1,
            database => database.Execute(
                sql, entry.Silo, entry.IsActive, entry.Entry, entry.IAmAlive, cluster, tableVersion) > 0
                    && Raise(database, cluster),
            cancellationToken);
    }

    public Task<bool> UpdateRowAsync(
        string cluster,
        MembershipEntry entry,
        long rowVersion,
        long tableVersion,
        CancellationToken cancellationToken = default)
    {
        const string sql =
            """
            UPDATE cluster_members SET version = version + 1, active = ?, entry = ?, i_am_alive = ?
            WHERE cluster = ? AND silo = ? AND version = ?
                AND EXISTS (SELECT 1 FROM clusters WHERE id = cluster AND clusters.version = ?)
            """;
        return session.WriteAsync(
            1,
            database => database.Execute(
                sql, entry.IsActive, entry.Entry, entry.IAmAlive, cluster, entry.Silo, rowVersion, tableVersion) > 0
                && Raise(database, cluster),
            cancellationToken);
    }

    public Task UpdateIAmAliveAsync(
        string cluster, string silo, DateTimeOffset iAmAlive, CancellationToken cancellationToken = default) =>
        session.WriteAsync(
            1,
            database => database.Execute(
                "UPDATE cluster_members SET i_am_alive = ? WHERE cluster = ? AND silo = ?", iAmAlive, cluster, silo),
            cancellationToken);

    public Task DeleteAsync(string cluster, CancellationToken cancellationToken = default) => session.WriteAsync(
        1, database => database.Execute("DELETE FROM clusters WHERE id = ?", cluster), cancellationToken);

    public Task<int> CleanupAsync(
        string cluster, DateTimeOffset before, CancellationToken cancellationToken = default) => session.WriteAsync(
        1,
        database => database.Execute(
            "DELETE FROM cluster_members WHERE cluster = ? AND active = 0 AND i_am_alive < ?", cluster, before),
        cancellationToken);

    private static bool Raise(SqliteDatabase database, string cluster) =>
        database.Execute("UPDATE clusters SET version = version + 1 WHERE id = ?", cluster) > 0;

    private static MembershipTable Read(SqliteDatabase database, string cluster, string? silo)
    {
        // Two statements, one moment.
        database.Script("BEGIN");
        try
        {
            var version = database.Number("SELECT version FROM clusters WHERE id = ?", cluster) ?? 0;
            var rows = database.Query(
                """
                SELECT silo, active, entry, i_am_alive, version FROM cluster_members
                WHERE cluster = ?1 AND (?2 IS NULL OR silo = ?2) ORDER BY silo
                """,
                row => new MembershipRow(
                    new MembershipEntry(row.Text(0), row.Int64(1) != 0, row.Text(2), row.Time(3)), row.Int64(4)),
                cluster,
                silo);
            return new MembershipTable(version, rows);
        }
        finally
        {
            database.Script("COMMIT");
        }
    }
}
