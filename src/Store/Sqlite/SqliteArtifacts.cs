using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>References in the database, blobs as files beside it.</summary>
internal sealed class SqliteArtifacts(SqliteSession session, BlobFolder blobs) : IArtifactStore, IDisposable
{
    private const string Columns =
        """
        SELECT configuration, fold, name, attempt, epoch, digest, bytes, written FROM artifacts
        WHERE sweep = ? AND digest IS NOT NULL
        """;

    /// <summary>One change at a time: between the row and its file no other may remove either.</summary>
    private readonly SemaphoreSlim _gate = new(1);

    public async Task<ArtifactReference?> SaveAsync(
        ArtifactKey key, int attempt, int epoch, Stream content, CancellationToken cancellationToken = default)
    {
        StoreRules.Check(key);
        var blob = await blobs.StageAsync(content, cancellationToken);
        try
        {
            return await ChangeAsync(
                () => blobs.Publish(blob),
                database => Refer(database, key, attempt, epoch, blob.Digest, blob.Bytes),
                orphan: blob.Digest);
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
        return ChangeAsync(
            null, database => Refer(database, key, attempt, ArtifactFence.Released, null, 0), orphan: null);
    }

    public async Task<PruneReport> PruneAsync(TimeSpan grace, CancellationToken cancellationToken = default)
    {
        var prune = new BlobPrune(TimeProvider.System.GetUtcNow() - grace);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var referred = await session.ReadAsync(Referred, cancellationToken);
            foreach (var file in blobs.Incoming())
                prune.Take(file, isReferred: false);
            foreach (var file in blobs.Blobs())
                prune.Take(file, referred.Contains(file.Name));
        }
        finally
        {
            _gate.Release();
        }

        return prune.Report;
    }

    public void Dispose() => _gate.Dispose();

    private static HashSet<string> Referred(SqliteDatabase database) => [.. database.Query(
        "SELECT DISTINCT digest FROM artifacts WHERE digest IS NOT NULL", row => row.Text(0))];

    /// <summary>Publishes the file, changes the row, and removes the file that nothing refers to any more.</summary>
    private async Task<ArtifactReference?> ChangeAsync(
        Action? publish, Func<SqliteDatabase, ReferenceChange> change, string? orphan)
    {
        await _gate.WaitAsync();
        try
        {
            publish?.Invoke();
            var (reference, unused) = await session.WriteAsync(
                1,
                database =>
                {
                    var done = change(database);
                    var candidate = done.Reference is null ? orphan : done.Unused;
                    return candidate is null || IsReferred(database, candidate)
                        ? done with { Unused = null }
                        : done with { Unused = candidate };
                },
                CancellationToken.None);
            if (unused is not null)
                blobs.Delete(unused);
            return reference is { Digest.Length: > 0 } ? reference : null;
        }
        finally
        {
            _gate.Release();
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
