using Npgsql;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

internal sealed class PostgresSilos(PostgresSession session, PostgresNotifier notifier) : ISiloDirectory
{
    /// <summary>The key of the advisory lock on names of silos: "Swpn".</summary>
    private const long NamesKey = 0x5377706e;

    /// <summary>Gives an <see cref="Entry"/>.</summary>
    private const string Entering =
        """
        WITH known AS (SELECT FROM sweeps.silos WHERE incarnation = $1),
        holder AS (
            SELECT 1 FROM sweeps.silos WHERE name = $2 AND state < 2 AND incarnation <> $1
                AND last_seen >= clock_timestamp() - lease),
        entered AS (
            INSERT INTO sweeps.silos (incarnation, name, host, version, fingerprint, state, slots, training,
                images_per_second, started, last_seen, serves, lease, data)
            SELECT $1, $2, $3, $4, $5, 0, $6, '[]', 0, now, now, $7::text, $8::interval, $9::text
            FROM clock_timestamp() AS now WHERE NOT EXISTS (SELECT FROM known) AND NOT EXISTS (SELECT FROM holder)
            RETURNING 1)
        SELECT CASE WHEN EXISTS (SELECT FROM entered) THEN 0 WHEN EXISTS (SELECT FROM known) THEN 1 ELSE 2 END
        """;

    private const string Columns =
        """
        SELECT name, incarnation, host, version, fingerprint, state, slots, requested_slots, training,
            images_per_second, started, last_seen, serves, lease, data,
            coalesce(state < 2 AND last_seen < clock_timestamp() - lease, false)
        FROM sweeps.silos
        """;

    public async Task<bool> RegisterAsync(SiloRegistration silo, CancellationToken cancellationToken = default)
    {
        SiloRules.Check(silo);
        var tries = 0;
        var entry = await session.RunAsync(
            async (connection, token) =>
            {
                tries++;
                await using var transaction = await connection.BeginTransactionAsync(token);
                // Two that ask for one name at once do so one after the other.
                await using var gate = session.Command(connection, "SELECT pg_advisory_xact_lock($1)", NamesKey);
                await gate.ExecuteNonQueryAsync(token);
                await using var command = session.Command(
                    connection,
                    Entering,
                    silo.Incarnation,
                    silo.Name,
                    silo.Host,
                    silo.Version,
                    silo.Fingerprint,
                    silo.Slots,
                    SiloRules.Text(silo.Serves),
                    silo.Lease,
                    SiloRules.Text(silo.Data));
                var outcome = (int)(await command.ExecuteScalarAsync(token))!;
                await transaction.CommitAsync(token);
                // On a second try the row may be our own: the first one's answer got lost.
                return tries > 1 && outcome == (int)Entry.Known ? Entry.Entered : (Entry)outcome;
            },
            cancellationToken);
        if (entry == Entry.Known)
            throw SiloRules.AlreadyKnown(silo.Incarnation);
        if (entry == Entry.Entered)
            notifier.Raise(ChangeTopics.Silos);
        return entry == Entry.Entered;
    }

    public async Task<HeartbeatAnswer> HeartbeatAsync(
        SiloHeartbeat heartbeat, CancellationToken cancellationToken = default)
    {
        SiloRules.Check(heartbeat);
        const string sql =
            """
            WITH held AS (SELECT state FROM sweeps.silos WHERE incarnation = $1),
            renewed AS (
                UPDATE sweeps.silos SET state = CASE WHEN $2 THEN 1 ELSE state END, slots = $3, training = $4,
                images_per_second = $5, last_seen = clock_timestamp()
                WHERE incarnation = $1 AND state < 2
                RETURNING state, requested_slots, last_seen)
            SELECT renewed.state IS NOT NULL, renewed.requested_slots, coalesce(renewed.last_seen, clock_timestamp()),
                renewed.state <> held.state
            FROM (VALUES (1)) AS one LEFT JOIN renewed ON true LEFT JOIN held ON true
            """;
        var rows = await session.QueryAsync(
            sql,
            row => (
                Answer: new HeartbeatAnswer(
                    row.GetBoolean(0), row.IsDBNull(1) ? null : row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2)),
                IsChange: !row.IsDBNull(3) && row.GetBoolean(3)),
            cancellationToken,
            heartbeat.Incarnation,
            heartbeat.IsDraining,
            heartbeat.Slots,
            heartbeat.Training,
            heartbeat.ImagesPerSecond);
        if (rows[0].IsChange)
            notifier.Raise(ChangeTopics.Silos);
        return rows[0].Answer;
    }

    public async Task LeaveAsync(string incarnation, CancellationToken cancellationToken = default)
    {
        var left = await session.ExecuteAsync(
            "UPDATE sweeps.silos SET state = 2, last_seen = clock_timestamp() WHERE incarnation = $1 AND state < 2",
            cancellationToken,
            incarnation);
        if (left > 0)
            notifier.Raise(ChangeTopics.Silos);
    }

    public async Task<IReadOnlyList<string>> ExpireAsync(
        TimeSpan lease, string? judge, CancellationToken cancellationToken = default)
    {
        // The rows are locked in one order: silos that look at the same moment do not wait for each other in a ring.
        const string sql =
            """
            WITH late AS (
                SELECT incarnation FROM sweeps.silos WHERE state < 2 AND last_seen < clock_timestamp() - $1
                AND ($2::text IS NULL OR EXISTS (
                    SELECT FROM sweeps.silos WHERE incarnation = $2 AND last_seen >= clock_timestamp() - $1 / 2))
                ORDER BY started, incarnation FOR UPDATE SKIP LOCKED)
            UPDATE sweeps.silos s SET state = 3 FROM late WHERE s.incarnation = late.incarnation RETURNING s.incarnation
            """;
        var lost = await session.QueryAsync(sql, row => row.GetString(0), cancellationToken, lease, judge);
        if (lost.Count > 0)
            notifier.Raise(ChangeTopics.Silos);
        return lost;
    }

    public async Task<IReadOnlyList<SiloRow>> ListAsync(CancellationToken cancellationToken = default) =>
        await session.QueryAsync($"{Columns} ORDER BY name, started DESC, incarnation", ToRow, cancellationToken);

    public async Task<bool> RequestSlotsAsync(string name, int? slots, CancellationToken cancellationToken = default)
    {
        SiloRules.CheckSlots(slots);
        var changed = await session.ExecuteAsync(
            "UPDATE sweeps.silos SET requested_slots = $1::integer WHERE name = $2 AND state < 2",
            cancellationToken,
            slots,
            name);
        if (changed > 0)
            notifier.Raise(ChangeTopics.Silos);
        return changed > 0;
    }

    public Task<int> ForgetAsync(TimeSpan age, CancellationToken cancellationToken = default) => session.ExecuteAsync(
        "DELETE FROM sweeps.silos WHERE state >= 2 AND last_seen < clock_timestamp() - $1", cancellationToken, age);

    private static SiloRow ToRow(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        row.GetString(4),
        (SiloState)row.GetInt16(5),
        row.GetInt32(6),
        row.IsDBNull(7) ? null : row.GetInt32(7),
        row.GetString(8),
        row.GetDouble(9),
        row.GetFieldValue<DateTimeOffset>(10),
        row.GetFieldValue<DateTimeOffset>(11))
    {
        Serves = row.IsDBNull(12) ? null : SiloRules.Names(row.GetString(12)),
        Lease = row.IsDBNull(13) ? null : row.GetTimeSpan(13),
        Data = row.IsDBNull(14) ? null : SiloRules.Names(row.GetString(14)),
        IsOverdue = row.GetBoolean(15),
    };

    /// <summary>What became of a registration.</summary>
    private enum Entry
    {
        Entered = 0,
        Known = 1,
        NameHeld = 2,
    }
}
