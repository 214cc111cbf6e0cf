using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

internal sealed class SqliteSilos(SqliteSession session) : ISiloDirectory
{
    private const string Columns =
        """
        SELECT name, incarnation, host, version, fingerprint, state, slots, requested_slots, training,
            images_per_second, started, last_seen
        FROM silos
        """;

    public async Task RegisterAsync(SiloRegistration silo, CancellationToken cancellationToken = default)
    {
        SiloRules.Check(silo);
        await ChangeAsync(
            database =>
            {
                if (database.Number("SELECT 1 FROM silos WHERE incarnation = ?", silo.Incarnation) is not null)
                    throw SiloRules.AlreadyKnown(silo.Incarnation);
                return Insert(database, silo);
            },
            changed => changed > 0,
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

    public async Task<IReadOnlyList<string>> ExpireAsync(TimeSpan lease, CancellationToken cancellationToken = default)
    {
        return await ChangeAsync(
            database =>
            {
                var oldest = session.Now - lease;
                var lost = database.Query(
                    "SELECT incarnation FROM silos WHERE state < 2 AND last_seen < ? ORDER BY started, incarnation",
                    row => row.Text(0),
                    oldest);
                database.Execute("UPDATE silos SET state = 3 WHERE state < 2 AND last_seen < ?", oldest);
                return lost;
            },
            lost => lost.Count > 0,
            cancellationToken);
    }

    public Task<IReadOnlyList<SiloRow>> ListAsync(CancellationToken cancellationToken = default) =>
        session.ReadAsync<IReadOnlyList<SiloRow>>(
            database => database.Query($"{Columns} ORDER BY name, started DESC, incarnation", ToRow),
            cancellationToken);

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

    private int Insert(SqliteDatabase database, SiloRegistration silo)
    {
        var now = session.Now;
        return database.Execute(
            """
            INSERT INTO silos (incarnation, name, host, version, fingerprint, state, slots, training, images_per_second,
                started, last_seen)
            VALUES (?, ?, ?, ?, ?, 0, ?, '[]', 0, ?, ?)
            """,
            silo.Incarnation, silo.Name, silo.Host, silo.Version, silo.Fingerprint, silo.Slots, now, now);
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

    private static SiloRow ToRow(SqliteStatement row) => new(
        row.Text(0),
        row.Text(1),
        row.Text(2),
        row.Text(3),
        row.Text(4),
        (SiloState)row.Int32(5),
        row.Int32(6),
        row.IsNull(7) ? null : row.Int32(7),
        row.Text(8),
        row.Double(9),
        row.Time(10),
        row.Time(11));
}
