using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>The results of all sweeps by their courses.</summary>
internal static class SqliteResults
{
    /// <summary>Enters the results of an append, within its transaction.</summary>
    public static void Insert(SqliteDatabase database, long sweep, SweepAppend append)
    {
        const string sql =
            "INSERT OR IGNORE INTO results (course, epochs, sweep, sequence, wanted) VALUES (?, ?, ?, ?, ?)";
        if (append.Basis is { } basis)
        {
            database.Execute(
                "INSERT OR IGNORE INTO result_bases (basis, sweep) VALUES (?, ?)", Convert.FromHexString(basis), sweep);
        }

        foreach (var result in append.Results)
        {
            var insert = database.Prepare(sql);
            insert.Bind(1, Convert.FromHexString(result.Course));
            insert.Bind(2, result.Epochs);
            insert.Bind(3, sweep);
            insert.Bind(4, append.ExpectedSequence + result.Event + 1);
            insert.Bind(5, result.Wanted);
            insert.Step();
            insert.Reset();
        }
    }

    /// <summary>Whether another sweep has results of a basis, or of none that is known.</summary>
    public static bool Has(SqliteDatabase database, string basis, string? except)
    {
        var version = database.Number("PRAGMA user_version");
        if (version < 4)
            return false;
        // Tables of earlier versions, which are only read, do not tell.
        if (version < 5)
            return true;
        const string sql =
            """
            SELECT EXISTS (SELECT 1 FROM result_bases WHERE basis IN (?, zeroblob(32))
                AND sweep IS NOT (SELECT key FROM sweeps WHERE id = ?))
            """;
        return database.Number(sql, Convert.FromHexString(basis), except) == 1;
    }

    /// <summary>Finds results.</summary>
    /// <param name="database">A reading connection.</param>
    /// <param name="sought">Their courses and ends.</param>
    public static List<StoredResult> Find(SqliteDatabase database, IEnumerable<SoughtResult> sought)
    {
        // An earlier version of the schema, which is only read, knows none.
        if (database.Number("PRAGMA user_version") < 4)
            return [];
        var found = new List<StoredResult>();
        foreach (var one in sought)
        {
            var seen = new HashSet<(string, long)>();
            found.AddRange(Read(database, one, "", seen));
            // Who wants to go on from a kept checkpoint finds it behind any number of others.
            if (seen.Count == StoredResult.MostOfACourse)
                found.AddRange(Read(database, one, IsKept, seen));
        }

        return found;
    }

    private const string IsKept =
        $"""
        AND EXISTS (SELECT 1 FROM artifacts a WHERE a.sweep = r.sweep AND a.name = '{ArtifactKey.KeptCheckpoint}'
            AND a.epoch = r.epochs AND a.digest IS NOT NULL)
        """;

    private static IEnumerable<StoredResult> Read(
        SqliteDatabase database, SoughtResult sought, string condition, HashSet<(string, long)> seen)
    {
        var rows = database.Prepare(
            $"""
            SELECT r.wanted, r.epochs, s.id, r.sequence, e.at, e.checksum, e.type, e.payload
            FROM results r JOIN sweeps s ON s.key = r.sweep
            JOIN events e ON e.sweep = r.sweep AND e.sequence = r.sequence
            WHERE r.course = ? {condition}
            ORDER BY r.wanted = ? DESC, r.epochs DESC, r.sweep, r.sequence LIMIT ?
            """);
        rows.Bind([Convert.FromHexString(sought.Course), sought.Wanted, StoredResult.MostOfACourse]);
        while (rows.Step())
        {
            var (sweep, sequence) = (rows.Text(2), rows.Int64(3));
            var (type, payload) = (rows.Text(6), rows.Blob(7).ToArray());
            // An event that was altered is told of by its own sweep; here it is as if it were not there.
            if (seen.Add((sweep, sequence)) && EventChecksum.Of(sequence, type, payload) == rows.Int64(5))
            {
                var @event = new StoredEvent(sequence, rows.Time(4), type, payload);
                yield return new(sought.Course, rows.Text(0), rows.Int32(1), sweep, @event);
            }
        }

        rows.Reset();
    }
}
