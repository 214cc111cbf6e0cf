using Npgsql;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

internal sealed class PostgresLog(PostgresSession session, PostgresWriter writer) : ISweepLog
{
    private const string SummaryColumns =
        "SELECT id, open, priority, summary, last_sequence, created, written FROM sweeps.sweeps";

    public async Task<AppendResult> AppendAsync(SweepAppend append, CancellationToken cancellationToken = default)
    {
        StoreRules.Check(append);
        var write = new PostgresAppend(append, cancellationToken);
        await writer.EnqueueAsync(write, cancellationToken);
        var answer = await write.Answer;
        return answer is { IsAppended: false, LastSequence: StoreRules.DeletedSequence }
            ? throw StoreException.DeletedSweep(append.Sweep)
            : answer;
    }

    public Task<IReadOnlyList<StoredEvent>> ReadAsync(
        string sweep, long afterSequence, int limit = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterSequence);
        return session.RunAsync<IReadOnlyList<StoredEvent>>(
            async (connection, token) => await ReadAsync(connection, sweep, afterSequence, limit, token),
            cancellationToken);
    }

    public async Task<SweepSummary?> FindAsync(string sweep, CancellationToken cancellationToken = default)
    {
        var found = await session.QueryAsync(
            $"{SummaryColumns} WHERE id = $1 AND last_sequence < $2",
            ToSummary, cancellationToken, sweep, StoreRules.DeletedSequence);
        return found.FirstOrDefault();
    }

    public async Task<IReadOnlyList<SweepSummary>> ListAsync(
        bool openOnly = false, CancellationToken cancellationToken = default) =>
        await session.QueryAsync(
            $"{SummaryColumns} WHERE last_sequence < $1 {(openOnly ? "AND open" : "")} ORDER BY priority DESC, key",
            ToSummary,
            cancellationToken,
            StoreRules.DeletedSequence);

    public Task<bool> DeleteAsync(string sweep, CancellationToken cancellationToken = default) => session.RunAsync(
        async (connection, token) => await DeleteAsync(connection, sweep, token), cancellationToken);

    public async Task<IReadOnlyList<StoredResult>> FindResultsAsync(
        IReadOnlyCollection<SoughtResult> sought, CancellationToken cancellationToken = default)
    {
        // What is kept is found behind any number of others: someone may go on from it.
        const string sql =
            $"""
            SELECT encode(c.course, 'hex'), r.wanted, r.epochs, s.id, r.sequence, e.at, e.type, e.payload
            FROM unnest($1, $2) AS c (course, wanted)
            CROSS JOIN LATERAL (
                (SELECT * FROM sweeps.results t WHERE t.course = c.course
                ORDER BY t.wanted = c.wanted DESC, t.epochs DESC, t.sweep, t.sequence LIMIT $3)
                UNION
                (SELECT * FROM sweeps.results t WHERE t.course = c.course AND EXISTS (
                    SELECT 1 FROM sweeps.artifacts a
                    WHERE a.sweep = t.sweep AND a.name = '{ArtifactKey.KeptCheckpoint}'
                        AND a.epoch = t.epochs AND a.digest IS NOT NULL)
                ORDER BY t.wanted = c.wanted DESC, t.epochs DESC, t.sweep, t.sequence LIMIT $3)) r
            JOIN sweeps.sweeps s ON s.key = r.sweep
            JOIN sweeps.events e ON e.sweep = r.sweep AND e.sequence = r.sequence
            ORDER BY c.course, c.wanted, r.wanted = c.wanted DESC, r.epochs DESC, r.sweep, r.sequence
            """;
        ArgumentNullException.ThrowIfNull(sought);
        foreach (var (course, _) in sought)
            ArtifactDigest.Check(course);
        if (sought.Count == 0)
            return [];
        return await session.QueryAsync(
            sql,
            row => new StoredResult(
                row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetString(3),
                new(row.GetInt64(4), row.GetFieldValue<DateTimeOffset>(5), row.GetString(6),
                    row.GetFieldValue<byte[]>(7))),
            cancellationToken,
            sought.Select(result => Convert.FromHexString(result.Course)).ToArray(),
            sought.Select(result => result.Wanted).ToArray(),
            StoredResult.MostOfACourse);
    }

    public async Task<bool> HasResultsAsync(
        string basis, string? except, CancellationToken cancellationToken = default)
    {
        const string sql =
            """
            SELECT EXISTS (SELECT 1 FROM sweeps.result_bases WHERE basis IN ($1, $2)
                AND sweep IS DISTINCT FROM (SELECT key FROM sweeps.sweeps WHERE id = $3))
            """;
        ArtifactDigest.Check(basis);
        var found = await session.QueryAsync(
            sql, row => row.GetBoolean(0), cancellationToken,
            Convert.FromHexString(basis), new byte[32], except ?? string.Empty);
        return found is [true];
    }

    public async Task<bool> IsTakenAsync(string sweep, CancellationToken cancellationToken = default)
    {
        var found = await session.QueryAsync(
            "SELECT 1 FROM sweeps.sweeps WHERE id = $1", row => row.GetInt32(0), cancellationToken, sweep);
        return found.Count > 0;
    }

    /// <summary>May be repeated: what is deleted is not found again.</summary>
    private async Task<bool> DeleteAsync(NpgsqlConnection connection, string sweep, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        const string find = "SELECT key, open FROM sweeps.sweeps WHERE id = $1 AND last_sequence < $2 FOR UPDATE";
        long key;
        await using (var command = session.Command(connection, find, sweep, StoreRules.DeletedSequence))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
                return false;
            if (reader.GetBoolean(1))
                throw StoreException.OpenSweep(sweep);
            key = reader.GetInt64(0);
        }

        // First the mark: it lets the events go.
        const string mark = "UPDATE sweeps.sweeps SET last_sequence = $1 WHERE key = $2";
        await using (var command = session.Command(connection, mark, StoreRules.DeletedSequence, key))
            await command.ExecuteNonQueryAsync(cancellationToken);
        foreach (var table in (string[])["result_bases", "results", "events", "metrics", "artifacts"])
        {
            await using var command = session.Command(connection, $"DELETE FROM sweeps.{table} WHERE sweep = $1", key);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<List<StoredEvent>> ReadAsync(
        NpgsqlConnection connection, string sweep, long after, int limit, CancellationToken cancellationToken)
    {
        const string sql =
            """
            SELECT sequence, at, type, payload FROM sweeps.events
            WHERE sweep = (SELECT key FROM sweeps.sweeps WHERE id = $1) AND sequence > $2
            ORDER BY sweep, sequence LIMIT $3
            """;
        await using var command = session.Command(connection, sql, sweep, after, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<StoredEvent>();
        var types = new Dictionary<string, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var sequence = reader.GetInt64(0);
            if (sequence != ++after)
            {
                throw new StoreException(
                    StoreReason.Damaged,
                    $"The store {session.Target} is damaged: event {after} of the sweep '{sweep}' is missing. Restore "
                        + "the database from a backup.");
            }

            var type = reader.GetString(2);
            if (!types.TryGetValue(type, out var known))
                types[type] = known = type;
            events.Add(new StoredEvent(
                sequence, reader.GetFieldValue<DateTimeOffset>(1), known, reader.GetFieldValue<byte[]>(3)));
        }

        return events;
    }

    private static SweepSummary ToSummary(NpgsqlDataReader row) => new(
        row.GetString(0),
        new SweepHeader(row.GetBoolean(1), row.GetInt32(2), row.GetString(3)),
        row.GetInt64(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.GetFieldValue<DateTimeOffset>(6));
}
