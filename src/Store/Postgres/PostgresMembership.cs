using Npgsql;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

internal sealed class PostgresMembership(PostgresSession session) : IMembershipStore
{
    public Task InitializeAsync(string cluster, CancellationToken cancellationToken = default) => session.ExecuteAsync(
        "INSERT INTO sweeps.clusters (id, version) VALUES ($1, 0) ON CONFLICT DO NOTHING", cancellationToken, cluster);

    public Task<MemberTable> ReadAsync(string cluster, CancellationToken cancellationToken = default) =>
        ReadAsync(cluster, null, cancellationToken);

    public Task<MemberTable> ReadRowAsync(
        string cluster, string silo, CancellationToken cancellationToken = default) =>
        ReadAsync(cluster, silo, cancellationToken);

    public async Task<bool> InsertRowAsync(
        string cluster, MemberEntry entry, long tableVersion, CancellationToken cancellationToken = default)
    {
        // One statement: the table's row is raised, and with it locked, only if the silo has no row yet.
        const string sql =
            """
            WITH raised AS (
                UPDATE sweeps.clusters SET version = version + 1 WHERE id = $1 AND version = $2
                    AND NOT EXISTS (SELECT 1 FROM sweeps.cluster_members WHERE cluster = $1 AND silo = $3)
                RETURNING id)
            INSERT INTO sweeps.cluster_members (cluster, silo, version, active, entry, i_am_alive)
            SELECT id, $3, 1, $4, $5, clock_timestamp() FROM raised
            """;
        return await session.ExecuteAsync(
            sql,
            cancellationToken,
            cluster,
            tableVersion,
            entry.Silo,
            entry.IsActive,
            entry.Entry) > 0;
    }

    public async Task<bool> UpdateRowAsync(
        string cluster,
        MemberEntry entry,
        long rowVersion,
        long tableVersion,
        CancellationToken cancellationToken = default)
    {
        const string sql =
            """
            WITH raised AS (
                UPDATE sweeps.clusters SET version = version + 1 WHERE id = $1 AND version = $2
                    AND EXISTS (SELECT 1 FROM sweeps.cluster_members WHERE cluster = $1 AND silo = $3 AND version = $4)
                RETURNING id)
            UPDATE sweeps.cluster_members m SET version = m.version + 1, active = $5, entry = $6
            FROM raised WHERE m.cluster = raised.id AND m.silo = $3
            """;
        return await session.ExecuteAsync(
            sql,
            cancellationToken,
            cluster,
            tableVersion,
            entry.Silo,
            rowVersion,
            entry.IsActive,
            entry.Entry) > 0;
    }

    public Task UpdateIAmAliveAsync(string cluster, string silo, CancellationToken cancellationToken = default) =>
        session.ExecuteAsync(
            "UPDATE sweeps.cluster_members SET i_am_alive = clock_timestamp() WHERE cluster = $1 AND silo = $2",
            cancellationToken,
            cluster,
            silo);

    public Task<int> DeclareGoneAsync(
        string cluster,
        IReadOnlyCollection<MemberRow> rows,
        TimeSpan unseen,
        CancellationToken cancellationToken = default)
    {
        // Looked at again in the last step: a sign of life that came meanwhile, or another's change, saves the row.
        const string sql =
            """
            WITH gone AS (
                SELECT silo, version, entry
                FROM unnest($2::text[], $3::bigint[], $4::text[]) AS g (silo, version, entry)
            ), raised AS (
                UPDATE sweeps.clusters SET version = version + 1 WHERE id = $1 AND EXISTS (
                    SELECT 1 FROM sweeps.cluster_members m JOIN gone USING (silo, version)
                    WHERE m.cluster = $1 AND m.i_am_alive <= clock_timestamp() - $5)
                RETURNING id)
            UPDATE sweeps.cluster_members m SET version = m.version + 1, active = false, entry = gone.entry
            FROM raised, gone
            WHERE m.cluster = raised.id AND m.silo = gone.silo AND m.version = gone.version
                AND m.i_am_alive <= clock_timestamp() - $5
            """;
        return session.ExecuteAsync(
            sql,
            cancellationToken,
            cluster,
            rows.Select(row => row.Entry.Silo).ToArray(),
            rows.Select(row => row.Version).ToArray(),
            rows.Select(row => row.Entry.Entry).ToArray(),
            unseen);
    }

    public Task DeleteAsync(string cluster, CancellationToken cancellationToken = default) =>
        session.ExecuteAsync("DELETE FROM sweeps.clusters WHERE id = $1", cancellationToken, cluster);

    public Task<int> CleanupAsync(
        string cluster, DateTimeOffset before, CancellationToken cancellationToken = default) =>
        session.ExecuteAsync(
            "DELETE FROM sweeps.cluster_members WHERE cluster = $1 AND NOT active AND i_am_alive < $2",
            cancellationToken,
            cluster,
            before.ToUniversalTime());

    private async Task<MemberTable> ReadAsync(string cluster, string? silo, CancellationToken cancellationToken)
    {
        const string sql =
            """
            SELECT c.version, m.silo, m.active, m.entry, m.i_am_alive, m.version, clock_timestamp()
            FROM sweeps.clusters c LEFT JOIN sweeps.cluster_members m
                ON m.cluster = c.id AND ($2::text IS NULL OR m.silo = $2::text)
            WHERE c.id = $1 ORDER BY m.silo
            """;
        var rows = await session.QueryAsync(sql, ToRow, cancellationToken, cluster, silo);
        return rows.Count == 0
            ? new MemberTable(0, [])
            : new MemberTable(rows[0].Table, [.. rows.Select(row => row.Row).OfType<MemberRow>()])
            {
                Now = rows[0].Now,
            };
    }

    private static (long Table, MemberRow? Row, DateTimeOffset Now) ToRow(NpgsqlDataReader row) => (
        row.GetInt64(0),
        row.IsDBNull(1)
            ? null
            : new MemberRow(
                new MemberEntry(row.GetString(1), row.GetBoolean(2), row.GetString(3))
                {
                    IAmAlive = row.GetFieldValue<DateTimeOffset>(4),
                },
                row.GetInt64(5)),
        row.GetFieldValue<DateTimeOffset>(6));
}
