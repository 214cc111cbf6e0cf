using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

internal sealed class SqliteLog(SqliteSession session) : ISweepLog
{
    private const string SummaryColumns =
        "SELECT id, open, priority, summary, last_sequence, created, written FROM sweeps";

    public async Task<AppendResult> AppendAsync(SweepAppend append, CancellationToken cancellationToken = default)
    {
        StoreRules.Check(append);
        var result = await session.WriteAsync(
            append.Events.Count, database => Append(database, append), cancellationToken);
        if (result.IsAppended)
            session.Raise(append.Sweep);
        return result;
    }

    public Task<IReadOnlyList<StoredEvent>> ReadAsync(
        string sweep, long afterSequence, int limit = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterSequence);
        return session.ReadAsync<IReadOnlyList<StoredEvent>>(
            database => Read(database, sweep, afterSequence, limit), cancellationToken);
    }

    public Task<SweepSummary?> FindAsync(string sweep, CancellationToken cancellationToken = default) =>
        session.ReadAsync(
            database => database.Query(
                $"{SummaryColumns} WHERE id = ? AND last_sequence < ?", ToSummary, sweep, StoreRules.DeletedSequence)
                .FirstOrDefault(),
            cancellationToken);

    public Task<IReadOnlyList<SweepSummary>> ListAsync(
        bool openOnly = false, CancellationToken cancellationToken = default)
    {
        var sql = $"{SummaryColumns} WHERE {(openOnly ? "open = 1" : "last_sequence < ?")} ORDER BY priority DESC, key";
        return session.ReadAsync<IReadOnlyList<SweepSummary>>(
            database => openOnly
                ? database.Query(sql, ToSummary)
                : database.Query(sql, ToSummary, StoreRules.DeletedSequence),
            cancellationToken);
    }

    public async Task<bool> DeleteAsync(string sweep, CancellationToken cancellationToken = default)
    {
        var isDeleted = await session.WriteAsync(1, database => Delete(database, sweep), cancellationToken);
        if (isDeleted)
            session.Raise(sweep);
        return isDeleted;
    }

    public Task<IReadOnlyList<StoredResult>> FindResultsAsync(
        IReadOnlyCollection<SoughtResult> sought, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sought);
        foreach (var (course, _) in sought)
            ArtifactDigest.Check(course);
        return session.ReadAsync<IReadOnlyList<StoredResult>>(
            database => SqliteResults.Find(database, sought), cancellationToken);
    }

    public Task<bool> HasResultsAsync(string basis, string? except, CancellationToken cancellationToken = default)
    {
        ArtifactDigest.Check(basis);
        return session.ReadAsync(database => SqliteResults.Has(database, basis, except), cancellationToken);
    }

    public Task<bool> IsTakenAsync(string sweep, CancellationToken cancellationToken = default) => session.ReadAsync(
        database => database.Number("SELECT 1 FROM sweeps WHERE id = ?", sweep) is not null, cancellationToken);

    private static bool Delete(SqliteDatabase database, string sweep)
    {
        var found = database.Query(
            "SELECT key, open FROM sweeps WHERE id = ? AND last_sequence < ?",
            row => (Key: row.Int64(0), IsOpen: row.Int64(1) != 0),
            sweep, StoreRules.DeletedSequence);
        if (found is not [var (key, isOpen)])
            return false;
        if (isOpen)
            throw StoreException.OpenSweep(sweep);
        // First the mark: it lets the events go.
        database.Execute("UPDATE sweeps SET last_sequence = ? WHERE key = ?", StoreRules.DeletedSequence, key);
        foreach (var table in (string[])["result_bases", "results", "events", "metrics", "artifacts"])
            database.Execute($"DELETE FROM {table} WHERE sweep = ?", key);
        return true;
    }

    private AppendResult Append(SqliteDatabase database, SweepAppend append)
    {
        var now = session.Now;
        var find = database.Prepare("SELECT key, last_sequence FROM sweeps WHERE id = ?");
        find.Bind(1, append.Sweep);
        var exists = find.Step();
        var (key, last) = exists ? (find.Int64(0), find.Int64(1)) : (0, 0);
        find.Reset();
        if (last == StoreRules.DeletedSequence)
            throw StoreException.DeletedSweep(append.Sweep);
        if (last != append.ExpectedSequence)
            return Repeated(database, key, append) ?? new AppendResult(false, last, now);
        var end = last + append.Events.Count;
        if (exists)
            Advance(database, key, end, now, append.Header);
        else
            key = Create(database, append.Sweep, end, now, append.Header ?? SweepHeader.Default);
        Insert(database, key, append, now);
        SqliteResults.Insert(database, key, append);
        return new AppendResult(true, end, now);
    }

    /// <summary>The earlier answer, if this very append was done before.</summary>
    private static AppendResult? Repeated(SqliteDatabase database, long key, SweepAppend append)
    {
        var first = database.Prepare("SELECT append_id, at FROM events WHERE sweep = ? AND sequence = ?");
        first.Bind(1, key);
        first.Bind(2, append.ExpectedSequence + 1);
        var isSame = first.Step() && first.Blob(0).SequenceEqual(append.Id.ToByteArray());
        AppendResult? answer = isSame
            ? new AppendResult(true, append.ExpectedSequence + append.Events.Count, first.Time(1))
            : null;
        first.Reset();
        return answer;
    }

    private static long Create(SqliteDatabase database, string id, long last, DateTimeOffset now, SweepHeader header)
    {
        database.Execute(
            """
            INSERT INTO sweeps (id, created, written, last_sequence, open, priority, summary)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            id, now, now, last, header.IsOpen, header.Priority, header.Summary);
        return database.LastInsertedKey;
    }

    private static void Advance(SqliteDatabase database, long key, long last, DateTimeOffset now, SweepHeader? header)
    {
        if (header is not null)
        {
            database.Execute(
                "UPDATE sweeps SET open = ?, priority = ?, summary = ? WHERE key = ?",
                header.IsOpen, header.Priority, header.Summary, key);
        }

        var update = database.Prepare("UPDATE sweeps SET last_sequence = ?, written = ? WHERE key = ?");
        update.Bind(1, last);
        update.Bind(2, StoreClock.ToMicroseconds(now));
        update.Bind(3, key);
        update.Step();
        update.Reset();
    }

    private static void Insert(SqliteDatabase database, long key, SweepAppend append, DateTimeOffset now)
    {
        const string sql =
            "INSERT INTO events (sweep, sequence, at, append_id, checksum, type, payload) VALUES (?, ?, ?, ?, ?, ?, ?)";
        var sequence = append.ExpectedSequence;
        var at = StoreClock.ToMicroseconds(now);
        foreach (var item in append.Events)
        {
            var isFirst = sequence == append.ExpectedSequence;
            sequence++;
            var insert = database.Prepare(sql);
            insert.Bind(1, key);
            insert.Bind(2, sequence);
            insert.Bind(3, at);
            if (isFirst)
                insert.Bind(4, append.Id.ToByteArray());
            else
                insert.BindNull(4);
            insert.Bind(5, EventChecksum.Of(sequence, item.Type, item.Payload.Span));
            insert.Bind(6, item.Type);
            insert.Bind(7, item.Payload.Span);
            insert.Step();
            insert.Reset();
        }
    }

    private List<StoredEvent> Read(SqliteDatabase database, string sweep, long after, int limit)
    {
        const string sql =
            """
            SELECT sequence, at, checksum, type, payload FROM events
            WHERE sweep = ? AND sequence > ? ORDER BY sequence LIMIT ?
            """;
        var found = database.Query(
            "SELECT key, last_sequence FROM sweeps WHERE id = ?",
            row => (Key: row.Int64(0), Last: row.Int64(1)),
            sweep);
        if (found.Count == 0 || found[0].Last == StoreRules.DeletedSequence)
            return [];
        var rows = database.Prepare(sql);
        rows.Bind(1, found[0].Key);
        rows.Bind(2, after);
        rows.Bind(3, limit);
        var events = new List<StoredEvent>();
        var types = new TypeNames();
        var payloads = new PayloadBuffer();
        while (rows.Step())
        {
            var sequence = rows.Int64(0);
            var type = rows.Blob(3);
            var payload = rows.Blob(4);
            if (sequence != ++after || EventChecksum.Of(sequence, type, payload) != rows.Int64(2))
            {
                rows.Reset();
                throw Damaged(sweep, after);
            }

            events.Add(new StoredEvent(sequence, rows.Time(1), types.Intern(type), payloads.Copy(payload)));
        }

        rows.Reset();
        // Events that the sweep's row knows of and the table has lost: a damaged page may hide them without an error.
        if (events.Count < limit && after < found[0].Last)
            throw Damaged(sweep, after + 1);
        return events;
    }

    private StoreException Damaged(string sweep, long sequence) => new(
        StoreReason.Damaged,
        $"The store {session.Path} is damaged: event {sequence} of the sweep '{sweep}' is missing or was altered. Keep "
            + "a copy of it; restore it from a backup, or start the sweep again under another name.");

    private static SweepSummary ToSummary(SqliteStatement row) => new(
        row.Text(0),
        new SweepHeader(row.Int64(1) != 0, row.Int32(2), row.Text(3)),
        row.Int64(4),
        row.Time(5),
        row.Time(6));
}
