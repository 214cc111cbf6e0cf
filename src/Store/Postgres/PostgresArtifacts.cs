using Npgsql;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

/// <summary>
/// References in the database; blobs in it too, in chunks, or as files of a folder that all silos share.
/// </summary>
internal sealed class PostgresArtifacts(PostgresSession session, BlobFolder? folder) : IArtifactStore
{
    private const int ChunkBytes = 1 << 20;

    private const string Columns =
        """
        SELECT s.id, a.configuration, a.fold, a.name, a.attempt, a.epoch, a.digest, a.bytes, a.written
        FROM sweeps.sweeps s JOIN sweeps.artifacts a ON a.sweep = s.key WHERE s.id = $1 AND a.digest IS NOT NULL
        """;

    public async Task<ArtifactReference?> SaveAsync(
        ArtifactKey key, int attempt, int epoch, Stream content, CancellationToken cancellationToken = default)
    {
        StoreRules.Check(key);
        ArgumentNullException.ThrowIfNull(content);
        if (folder is not null)
            return await SaveFileAsync(folder, key, attempt, epoch, content, cancellationToken);
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        var bytes = copy.GetBuffer().AsMemory(0, (int)copy.Length);
        var blob = new StagedBlob("", ArtifactDigest.Of(bytes.Span), bytes.Length);
        return await ChangeAsync(
            key,
            async work =>
            {
                if (await work.TouchAsync(blob.Digest, blob.Bytes, isExternal: false))
                    await work.WriteChunksAsync(blob.Digest, bytes, ChunkBytes);
                return await work.ReferAsync(key, attempt, epoch, blob.Digest, blob.Bytes);
            },
            cancellationToken);
    }

    public async Task<ArtifactReference?> FindAsync(ArtifactKey key, CancellationToken cancellationToken = default)
    {
        const string sql = Columns + " AND a.configuration = $2 AND a.fold = $3 AND a.name = $4";
        var trial = key.Trial;
        var rows = await session.QueryAsync(
            sql, ToReference, cancellationToken, trial.Sweep, trial.Configuration, trial.Fold, key.Name);
        return rows.FirstOrDefault();
    }

    public async Task<IReadOnlyList<ArtifactReference>> ListAsync(
        string sweep, CancellationToken cancellationToken = default) =>
        await session.QueryAsync(
            $"{Columns} ORDER BY a.configuration, a.fold, a.name", ToReference, cancellationToken, sweep);

    public async Task<byte[]> ReadAsync(string digest, CancellationToken cancellationToken = default)
    {
        ArtifactDigest.Check(digest);
        var external = await session.QueryAsync(
            "SELECT external FROM sweeps.blobs WHERE digest = $1", row => row.GetBoolean(0), cancellationToken, digest);
        if (external.Count == 0)
            throw ArtifactDigest.Missing(digest, session.Target.Display);
        if (!external[0])
            return await ReadChunksAsync(digest, cancellationToken);
        if (folder is null)
        {
            throw new StoreException(
                StoreReason.Missing,
                $"Artifact {digest} is in a shared folder that this address does not name; add ?artifacts=FOLDER to "
                    + $"{session.Target}.");
        }

        return await folder.ReadAsync(digest, cancellationToken);
    }

    public Task ReleaseAsync(ArtifactKey key, int attempt, CancellationToken cancellationToken = default)
    {
        StoreRules.Check(key);
        return ChangeAsync(
            key, work => work.ReferAsync(key, attempt, ArtifactFence.Released, null, 0), cancellationToken);
    }

    public async Task<PruneReport> PruneAsync(TimeSpan grace, CancellationToken cancellationToken = default)
    {
        const string delete =
            """
            DELETE FROM sweeps.blobs b WHERE b.touched < clock_timestamp() - $1
                AND NOT EXISTS (SELECT 1 FROM sweeps.artifacts a WHERE a.digest = b.digest)
            RETURNING b.bytes, b.external
            """;
        const string kept =
            """
            SELECT b.digest, b.bytes, b.external, EXISTS (SELECT 1 FROM sweeps.artifacts a WHERE a.digest = b.digest)
            FROM sweeps.blobs b
            """;
        var removed = await session.QueryAsync(
            delete, row => (Bytes: row.GetInt64(0), IsFile: row.GetBoolean(1)), cancellationToken, grace);
        var rows = await session.QueryAsync(
            kept,
            row => (
                Digest: row.GetString(0), Bytes: row.GetInt64(1), IsFile: row.GetBoolean(2), IsUsed: row.GetBoolean(3)),
            cancellationToken);
        var prune = new BlobPrune(TimeProvider.System.GetUtcNow() - grace);
        // The row of a blob in the folder frees nothing; its file, which has no row any more, is counted below.
        foreach (var row in removed.Where(row => !row.IsFile))
            prune.Removed(row.Bytes);
        foreach (var row in rows.Where(row => !row.IsFile || folder is null))
            prune.Kept(row.Bytes, row.IsUsed);
        if (folder is null)
            return prune.Report;
        foreach (var file in folder.Incoming())
            prune.Take(file, isReferred: false);
        var known = rows.Where(row => row.IsFile).ToDictionary(row => row.Digest, row => row.IsUsed);
        foreach (var file in folder.Blobs())
            await TakeAsync(folder, prune, file, known, cancellationToken);
        return prune.Report;
    }

    public async Task CheckAsync(CancellationToken cancellationToken = default)
    {
        const string latest =
            """
            SELECT a.digest FROM sweeps.artifacts a JOIN sweeps.blobs b ON b.digest = a.digest
            WHERE b.external ORDER BY a.written DESC LIMIT 20
            """;
        Task<List<string>> FilesAsync() => session.QueryAsync(latest, row => row.GetString(0), cancellationToken);
        var files = await FilesAsync();
        if (folder is null)
        {
            if (files.Count > 0)
            {
                throw Unseen(
                    $"the others keep artifacts in a shared folder; add ?artifacts=FOLDER to {session.Target}.");
            }

            return;
        }

        // Before the first write: that would make a folder which is not there look like one that is.
        var sees = files.Count == 0 || files.Exists(folder.Holds) || folder.IsEmptied;
        // Asked twice, since blobs come and go meanwhile.
        if (!sees && await FilesAsync() is { Count: > 0 } again && !again.Exists(folder.Holds))
        {
            throw Unseen(
                $"none of the artifacts that the other silos wrote last is in {folder.Root}. Mount the folder that "
                    + "they use at that path, or name it with ?artifacts=FOLDER.");
        }

        await folder.CheckWritableAsync(cancellationToken);
    }

    private static StoreException Unseen(string why) =>
        new(StoreReason.Missing, $"This silo cannot share checkpoints: {why}");

    private async Task TakeAsync(
        BlobFolder files,
        BlobPrune prune,
        FileInfo file,
        Dictionary<string, bool> known,
        CancellationToken cancellationToken)
    {
        if (BlobPrune.BytesOf(file) is not { } bytes)
            return;
        if (known.TryGetValue(file.Name, out var isUsed))
            prune.Kept(bytes, isUsed);
        else if (!prune.Keeps(file, isReferred: false) && await DeleteFileAsync(files, file.Name, cancellationToken))
            prune.Removed(bytes);
    }

    private async Task<ArtifactReference?> SaveFileAsync(
        BlobFolder files, ArtifactKey key, int attempt, int epoch, Stream content, CancellationToken cancellationToken)
    {
        var blob = await files.StageAsync(content, cancellationToken);
        try
        {
            return await ChangeAsync(
                key,
                async work =>
                {
                    await work.LockAsync(blob.Digest);
                    await work.TouchAsync(blob.Digest, blob.Bytes, isExternal: true);
                    if (File.Exists(blob.Path))
                        files.Publish(blob);
                    return await work.ReferAsync(key, attempt, epoch, blob.Digest, blob.Bytes);
                },
                cancellationToken,
                orphan: blob.Digest);
        }
        finally
        {
            BlobFolder.Discard(blob.Path);
        }
    }

    /// <summary>
    /// Does a change in a transaction of its own, taken back if the fence holds; then removes the file that nothing
    /// needs.
    /// </summary>
    private async Task<ArtifactReference?> ChangeAsync(
        ArtifactKey key,
        Func<PostgresArtifactWork, Task<ReferenceChange>> change,
        CancellationToken cancellationToken,
        string? orphan = null)
    {
        var (reference, unused) = await session.RunAsync(
            async (connection, token) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(token);
                var work = await PostgresArtifactWork.StartAsync(session, connection, key.Trial.Sweep, token);
                var done = await change(work);
                if (done.Reference is null)
                {
                    await transaction.RollbackAsync(token);
                    return new ReferenceChange(null, orphan);
                }

                await transaction.CommitAsync(token);
                return done;
            },
            cancellationToken);
        if (unused is not null && folder is not null)
            await DeleteFileAsync(folder, unused, cancellationToken);
        return reference is { Digest.Length: > 0 } ? reference : null;
    }

    /// <summary>
    /// Removes a file whose blob has no row; the lock keeps a save of the same content out meanwhile.
    /// </summary>
    private Task<bool> DeleteFileAsync(BlobFolder files, string digest, CancellationToken cancellationToken) =>
        session.RunAsync(
            async (connection, token) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(token);
                await PostgresArtifactWork.LockAsync(session, connection, digest, token);
                await using var find = session.Command(
                    connection, "SELECT 1 FROM sweeps.blobs WHERE digest = $1", digest);
                if (await find.ExecuteScalarAsync(token) is not null)
                    return false;
                var isRemoved = files.Delete(digest);
                await transaction.CommitAsync(token);
                return isRemoved;
            },
            cancellationToken);

    private async Task<byte[]> ReadChunksAsync(string digest, CancellationToken cancellationToken)
    {
        var chunks = await session.QueryAsync(
            "SELECT content FROM sweeps.blob_chunks WHERE digest = $1 ORDER BY ordinal",
            row => row.GetFieldValue<byte[]>(0),
            cancellationToken,
            digest);
        var content = new byte[chunks.Sum(chunk => chunk.Length)];
        var at = 0;
        foreach (var chunk in chunks)
        {
            chunk.CopyTo(content, at);
            at += chunk.Length;
        }

        ArtifactDigest.Verify(digest, content, session.Target.Display);
        return content;
    }

    private static ArtifactReference ToReference(NpgsqlDataReader row) => new(
        new ArtifactKey(new TrialKey(row.GetString(0), row.GetInt32(1), row.GetInt32(2)), row.GetString(3)),
        row.GetInt32(4),
        row.GetInt32(5),
        row.GetString(6),
        row.GetInt64(7),
        row.GetFieldValue<DateTimeOffset>(8));
}
