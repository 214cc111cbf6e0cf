using Npgsql;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

/// <summary>The steps of a change of artifacts, inside one transaction.</summary>
internal sealed class PostgresArtifactWork
{
    private readonly PostgresSession _session;
    private readonly NpgsqlConnection _connection;
    private readonly long _sweep;
    private readonly CancellationToken _cancellation;

    private PostgresArtifactWork(
        PostgresSession session, NpgsqlConnection connection, long sweep, CancellationToken cancellationToken) =>
        (_session, _connection, _sweep, _cancellation) = (session, connection, sweep, cancellationToken);

    /// <exception cref="Core.SweepsException">There is no such sweep.</exception>
    public static async Task<PostgresArtifactWork> StartAsync(
        PostgresSession session, NpgsqlConnection connection, string sweep, CancellationToken cancellationToken)
    {
        await using var find = session.Command(connection, "SELECT key FROM sweeps.sweeps WHERE id = $1", sweep);
        return await find.ExecuteScalarAsync(cancellationToken) is long key
            ? new PostgresArtifactWork(session, connection, key, cancellationToken)
            : throw StoreRules.NoSweep(sweep, session.Target.Display);
    }

    /// <summary>Keeps others from saving or removing the file of this content until the transaction ends.</summary>
    public static async Task LockAsync(
        PostgresSession session, NpgsqlConnection connection, string digest, CancellationToken cancellationToken)
    {
        await using var hold = session.Command(
            connection, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", digest);
        await hold.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task LockAsync(string digest) => LockAsync(_session, _connection, digest, _cancellation);

    /// <summary>Enters the blob or holds the one that is there; true: it is new and needs its content.</summary>
    public async Task<bool> TouchAsync(string digest, long bytes, bool isExternal)
    {
        // xmax is 0 on a row that this statement inserted.
        const string sql =
            """
            INSERT INTO sweeps.blobs AS b (digest, bytes, external) VALUES ($1, $2, $3)
            ON CONFLICT (digest) DO UPDATE SET touched = clock_timestamp() RETURNING b.xmax = 0
            """;
        await using var command = _session.Command(_connection, sql, digest, bytes, isExternal);
        return await command.ExecuteScalarAsync(_cancellation) is true;
    }

    public async Task WriteChunksAsync(string digest, ReadOnlyMemory<byte> content, int chunkBytes)
    {
        for (var (start, ordinal) = (0, 0); start < content.Length; start += chunkBytes, ordinal++)
        {
            var chunk = content.Slice(start, Math.Min(chunkBytes, content.Length - start));
            await using var command = _session.Command(
                _connection,
                "INSERT INTO sweeps.blob_chunks (digest, ordinal, content) VALUES ($1, $2, $3)",
                digest,
                ordinal,
                chunk);
            await command.ExecuteNonQueryAsync(_cancellation);
        }
    }

    /// <summary>Makes the name refer to the blob (null: lets go of it) if the fence admits it.</summary>
    public async Task<ReferenceChange> ReferAsync(ArtifactKey key, int attempt, int epoch, string? digest, long bytes)
    {
        var trial = key.Trial;
        await using var command = _session.Command(
            _connection,
            "SELECT written, unused FROM sweeps.refer($1, $2, $3, $4, $5, $6, $7::text, $8)",
            _sweep,
            trial.Configuration,
            trial.Fold,
            key.Name,
            attempt,
            epoch,
            digest,
            bytes);
        await using var reader = await command.ExecuteReaderAsync(_cancellation);
        await reader.ReadAsync(_cancellation);
        if (reader.IsDBNull(0))
            return default;
        var reference = new ArtifactReference(
            key, attempt, epoch, digest ?? "", bytes, reader.GetFieldValue<DateTimeOffset>(0));
        return new ReferenceChange(reference, reader.IsDBNull(1) ? null : reader.GetString(1));
    }
}
