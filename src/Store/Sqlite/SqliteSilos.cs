using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>The silos. One whose process is dead is lost at once, whatever its lease says.</summary>
/// <param name="session">The store.</param>
/// <param name="processes">The processes that have it open.</param>
/// <param name="process">This one; null: it only reads.</param>
internal sealed class SqliteSilos(SqliteSession session, SqliteProcesses processes, string? process) : ISiloDirectory
{
    private const string Columns =
        """
        SELECT name, incarnation, host, version, fingerprint, state, slots, requested_slots, training,
            images_per_second, started, last_seen
        """;

    // Earlier versions of the schema are read as they are.
    private const string Second = ", process, serves";
    private const string Third = ", lease, data";

    public async Task<bool> RegisterAsync(SiloRegistration silo, CancellationToken cancellationToken = default)
    {
        SiloRules.Check(silo);
        return await ChangeAsync(
            database =>
            {
                if (database.Number("SELECT 1 FROM silos WHERE incarnation = ?", silo.Incarnation) is not null)
                    throw SiloRules.AlreadyKnown(silo.Incarnation);
                return !IsHeld(database, silo.Name) && Insert(database, silo) > 0;
            },
            changed => changed,
            cancellationToken);
    }

    public async Task<HeartbeatAnswer> HeartbeatAsync(
        SiloHeartbeat heartbeat, CancellationToken cancellationToken = default)
    {
        SiloRules.Check(heartbeat);
        var (answer, _) = await ChangeAsync(
            database => Beat(database, heartbeat), result => result.IsChange, cancellationToken);
        return answer;
    }

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken = default) => ChangeAsync(
        database => database.Execute(
            "UPDATE silos SET state = 2, last_seen = ? WHERE incarnation = ? AND state < 2", session.Now, incarnation),
        changed => changed > 0,
        cancellationToken);

    public async Task<IReadOnlyList<string>> ExpireAsync(
        TimeSpan lease, string? judge, CancellationToken cancellationToken = default)
    {
        return await ChangeAsync(
            database =>
            {
                var oldest = session.Now - lease;
                var lost = MarkDead(database, processes);
                if (judge is not null && database.Number(
                    "SELECT count(*) FROM silos WHERE incarnation = ? AND last_seen >= ?", judge,
                    session.Now - (lease / 2)) == 0)
                    return lost;
                lost.AddRange(database.Query(
                    "SELECT incarnation FROM silos WHERE state < 2 AND last_seen < ? ORDER BY started, incarnation",
                    row => row.Text(0),
                    oldest));
                database.Execute("UPDATE silos SET state = 3 WHERE state < 2 AND last_seen < ?", oldest);
                return lost;
            },
            lost => lost.Count > 0,
            cancellationToken);
    }

    public Task<IReadOnlyList<SiloRow>> ListAsync(CancellationToken cancellationToken = default) =>
        session.ReadAsync<IReadOnlyList<SiloRow>>(
            database =>
            {
                var version = database.Number("PRAGMA user_version") ?? 0;
                var newer = (version >= 2 ? Second : "") + (version >= 3 ? Third : "");
                var now = session.Now;
                return database.Query(
                    $"{Columns}{newer} FROM silos ORDER BY name, started DESC, incarnation",
                    row => ToRow(row, version, now));
            },
            cancellationToken);

    /// <summary>
    /// Marks the silos of dead processes lost; returns them. A process entered before its silos did, so that what is
    /// not there is gone. Before there were entries the store was one process's, and whoever opens it is another.
    /// </summary>
    public static List<string> MarkDead(SqliteDatabase database, SqliteProcesses processes)
    {
        var living = database.Query(
            "SELECT incarnation, process FROM silos WHERE state < 2 ORDER BY started, incarnation",
            row => (Incarnation: row.Text(0), Process: row.IsNull(1) ? null : row.Text(1)));
        if (living.Count == 0)
            return [];
        var dead = living.Select(silo => silo.Process).Distinct()
            .Where(process => process is null || !processes.Lives(process))
            .ToHashSet();
        var lost = living.Where(silo => dead.Contains(silo.Process)).Select(silo => silo.Incarnation).ToList();
        foreach (var incarnation in lost)
            database.Execute("UPDATE silos SET state = 3 WHERE incarnation = ?", incarnation);
        return lost;
    }

    public async Task<bool> RequestSlotsAsync(string name, int? slots, CancellationToken cancellationToken = default)
    {
        SiloRules.CheckSlots(slots);
        return await ChangeAsync(
            database => database.Execute(
                "UPDATE silos SET requested_slots = ? WHERE name = ? AND state < 2", slots, name) > 0,
            changed => changed,
            cancellationToken);
    }

    public Task<int> ForgetAsync(TimeSpan age, CancellationToken cancellationToken = default) => session.WriteAsync(
        1,
        database => database.Execute("DELETE FROM silos WHERE state >= 2 AND last_seen < ?", session.Now - age),
        cancellationToken);

    private async Task<T> ChangeAsync<T>(
        Func<SqliteDatabase, T> work, Func<T, bool> isChange, CancellationToken cancellationToken)
    {
        var result = await session.WriteAsync(1, work, cancellationToken);
        if (isChange(result))
            session.Raise(ChangeTopics.Silos);
        return result;
    }

    /// <summary>Whether a living silo that says its lease has the name.</summary>
    private bool IsHeld(SqliteDatabase database, string name)
    {
        MarkDead(database, processes);
        return database.Number(
            "SELECT 1 FROM silos WHERE name = ? AND state < 2 AND last_seen >= ? - lease LIMIT 1", name, session.Now)
            is not null;
    }

    private int Insert(SqliteDatabase database, SiloRegistration silo)
    {
        var now = session.Now;
        return database.Execute(
            """
            INSERT INTO silos (incarnation, name, host, version, fingerprint, state, slots, training, images_per_second,
                started, last_seen, process, serves, lease, data)
            VALUES (?, ?, ?, ?, ?, 0, ?, '[]', 0, ?, ?, ?, ?, ?, ?)
            """,
            silo.Incarnation, silo.Name, silo.Host, silo.Version, silo.Fingerprint, silo.Slots, now, now, process,
            SiloRules.Text(silo.Serves), (long?)silo.Lease?.TotalMicroseconds,
            SiloRules.Text(silo.Data));
    }

    private (HeartbeatAnswer Answer, bool IsChange) Beat(SqliteDatabase database, SiloHeartbeat beat)
    {
        var now = session.Now;
        var living = database.Query(
            "SELECT state, requested_slots FROM silos WHERE incarnation = ? AND state < 2",
            row => (State: row.Int32(0), Requested: row.IsNull(1) ? (int?)null : row.Int32(1)),
            beat.Incarnation);
        if (living.Count == 0)
            return (new HeartbeatAnswer(false, null, now), false);
        var state = beat.IsDraining ? 1 : living[0].State;
        database.Execute(
            """
            UPDATE silos SET state = ?, slots = ?, training = ?, images_per_second = ?, last_seen = ?
            WHERE incarnation = ?
            """,
            state, beat.Slots, beat.Training, beat.ImagesPerSecond, now, beat.Incarnation);
        return (new HeartbeatAnswer(true, living[0].Requested, now), state != living[0].State);
    }

    private SiloRow ToRow(SqliteStatement row, long version, DateTimeOffset now)
    {
        var isNewer = version >= 2;
        var state = (SiloState)row.Int32(5);
        var owner = isNewer && !row.IsNull(12) ? row.Text(12) : null;
        // Who lists may have no right to write down what it sees.
        if (state is SiloState.Active or SiloState.Draining && isNewer && (owner is null || !processes.Lives(owner)))
            state = SiloState.Lost;
        TimeSpan? lease = version < 3 || row.IsNull(14) ? null : TimeSpan.FromMicroseconds(row.Int64(14));
        return new(
            row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), state, row.Int32(6),
            row.IsNull(7) ? null : row.Int32(7), row.Text(8), row.Double(9), row.Time(10), row.Time(11))
        {
            Process = SqliteProcess.NumberIn(owner),
            Serves = isNewer && !row.IsNull(13) ? SiloRules.Names(row.Text(13)) : null,
            Lease = lease,
            Data = version >= 3 && !row.IsNull(15) ? SiloRules.Names(row.Text(15)) : null,
            IsOverdue = state is SiloState.Active or SiloState.Draining && row.Time(11) < now - lease,
        };
    }
}
