using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>
/// References in the database, blobs as files beside it. A file gets its name within the transaction that writes the
/// row, and goes within a later one that finds no row: one transaction is at work at a time, whichever process's, so
/// that no file goes that a row is about to name.
/// </summary>
internal sealed class SqliteArtifacts(SqliteSession session, BlobFolder blobs) : IArtifactStore
{
    private const int PrunedAtOnce = 200;

    private const string Columns =
        """
        SELECT configuration, fold, name, attempt, epoch, digest, bytes, written FROM artifacts
        WHERE sweep = ? AND digest IS NOT NULL
        """;

    public async Task<ArtifactReference?> SaveAsync(
        ArtifactKey key, int attempt, int epoch, Stream content, CancellationToken cancellationToken = default)
    {
        StoreRules.Check(key);
        var blob = await blobs.StageAsync(content, cancellationToken);
        try
        {
            return await ChangeAsync(database =>
            {
                var change = Refer(database, key, attempt, epoch, blob.Digest, blob.Bytes);
                if (change.Reference is not null)
                    blobs.PublishAgain(blob);
                return change;
            });
        }
        finally
        {
            BlobFolder.Discard(blob.Path);
        }
    }

    public Task<ArtifactReference?> FindAsync(ArtifactKey key, CancellationToken cancellationToken = default) =>
        session.ReadAsync(database => Find(database, key), cancellationToken);

    public Task<IReadOnlyList<ArtifactReference>> ListAsync(
        string sweep, CancellationToken cancellationToken = default) =>
        session.ReadAsync<IReadOnlyList<ArtifactReference>>(
            database => SweepKey(database, sweep) is { } key
                ? database.Query($"{Columns} ORDER BY configuration, fold, name", row => ToReference(sweep, row), key)
                : [],
            cancellationToken);

    public Task<byte[]> ReadAsync(string digest, CancellationToken cancellationToken = default) =>
        blobs.ReadAsync(digest, cancellationToken);

    public Task ReleaseAsync(ArtifactKey key, int attempt, CancellationToken cancellationToken = default)
    {
        StoreRules.Check(key);
        return ChangeAsync(database => Refer(database, key, attempt, ArtifactFence.Released, null, 0));
    }

    public async Task<PruneReport> PruneAsync(TimeSpan grace, CancellationToken cancellationToken = default)
    {
        var prune = new BlobPrune(TimeProvider.System.GetUtcNow() - grace);
        // In pieces, so that others write between them.
        foreach (var files in blobs.Incoming().Chunk(PrunedAtOnce))
            await TakeAsync(prune, files, areBlobs: false, cancellationToken);
        foreach (var files in blobs.Blobs().Chunk(PrunedAtOnce))
            await TakeAsync(prune, files, areBlobs: true, cancellationToken);
        return prune.Report;
    }

    private async Task TakeAsync(BlobPrune prune, FileInfo[] files, bool areBlobs, CancellationToken cancellationToken)
    {
        var isTaken = false;
        await session.SettleAsync(
            database =>
            {
                // Done once, though the transaction may be done again.
                if (isTaken)
                    return 0;
                isTaken = true;
                foreach (var file in files)
                    prune.Take(file, areBlobs && IsReferred(database, file.Name));
                return 0;
            },
            cancellationToken);
    }

    /// <summary>Changes the row, and then removes the file that nothing refers to any more.</summary>
    private async Task<ArtifactReference?> ChangeAsync(Func<SqliteDatabase, ReferenceChange> change)
    {
        var (reference, unused) = await session.WriteAsync(
            1,
            database =>
            {
                var done = change(database);
                return done.Unused is null || IsReferred(database, done.Unused) ? done with { Unused = null } : done;
            },
            CancellationToken.None);
        if (unused is not null)
            await RemoveUnusedAsync(unused);
        return reference is { Digest.Length: > 0 } ? reference : null;
    }

    private async Task RemoveUnusedAsync(string digest)
    {
        try
        {
            await session.SettleAsync(
                database => !IsReferred(database, digest) && blobs.Delete(digest), CancellationToken.None);
        }
        catch (StoreException)
        {
            // The change itself is durable; the file is left for a later prune.
        }
    }

    private ReferenceChange Refer(
        SqliteDatabase database, ArtifactKey key, int attempt, int epoch, string? digest, long bytes)
    {
        var trial = key.Trial;
        var sweep = session.Key(database, trial.Sweep);
        var held = database.Query(
            """
            SELECT attempt, epoch, digest FROM artifacts
            WHERE sweep = ? AND configuration = ? AND fold = ? AND name = ?
            """,
            row => (Attempt: row.Int32(0), Epoch: row.Int32(1), Digest: row.IsNull(2) ? null : row.Text(2)),
            sweep, trial.Configuration, trial.Fold, key.Name);
        if (held.Count > 0 && !ArtifactFence.Admits(held[0].Attempt, held[0].Epoch, attempt, epoch))
            return default;
        var now = session.Now;
        database.Execute(
            """
            INSERT OR REPLACE INTO artifacts (sweep, configuration, fold, name, attempt, epoch, digest, bytes, written)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            sweep, trial.Configuration, trial.Fold, key.Name, attempt, epoch, digest, bytes, now);
        var reference = new ArtifactReference(key, attempt, epoch, digest ?? "", bytes, now);
        return new ReferenceChange(reference, held.Count > 0 ? held[0].Digest : null);
    }

    private static ArtifactReference? Find(SqliteDatabase database, ArtifactKey key)
    {
        const string sql = Columns + " AND configuration = ? AND fold = ? AND name = ?";
        var trial = key.Trial;
        return SweepKey(database, trial.Sweep) is { } sweep
            ? database.Query(
                sql, row => ToReference(trial.Sweep, row), sweep, trial.Configuration, trial.Fold, key.Name)
                .FirstOrDefault()
            : null;
    }

    private static long? SweepKey(SqliteDatabase database, string sweep) =>
        database.Number("SELECT key FROM sweeps WHERE id = ?", sweep);

    private static bool IsReferred(SqliteDatabase database, string digest) =>
        database.Number("SELECT 1 FROM artifacts WHERE digest = ? LIMIT 1", digest) is not null;

    private static ArtifactReference ToReference(string sweep, SqliteStatement row) => new(
        new ArtifactKey(new TrialKey(sweep, row.Int32(0), row.Int32(1)), row.Text(2)),
        row.Int32(3), row.Int32(4), row.Text(5), row.Int64(6), row.Time(7));
}
