using System.Collections.Concurrent;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>What the parts of an open store share.</summary>
internal sealed class SqliteSession(
    string path, SqliteWriter? writer, SqliteReaders readers, ChangeSignal changes, TimeProvider time)
{
    public string Path => path;

    public DateTimeOffset Now => StoreClock.Now(time);

    public Task<T> ReadAsync<T>(Func<SqliteDatabase, T> work, CancellationToken cancellationToken) =>
        readers.ReadAsync(work, cancellationToken);

    public Task<T> WriteAsync<T>(int rows, Func<SqliteDatabase, T> work, CancellationToken cancellationToken) =>
        Writer.WriteAsync(rows, work, cancellationToken);

    /// <summary>
    /// Does work that acts on what is committed, outside the database too: no other process writes meanwhile, and
    /// nothing of the transaction that may be taken back is seen.
    /// </summary>
    public Task<T> SettleAsync<T>(Func<SqliteDatabase, T> work, CancellationToken cancellationToken) =>
        Writer.WriteAsync(1, work, cancellationToken, goesFirst: true);

    public void Raise(string topic) => changes.Raise(topic);

    /// <summary>The sweep's number in the tables.</summary>
    public long Key(SqliteDatabase database, string sweep) =>
        database.Number(
            "SELECT key FROM sweeps WHERE id = ? AND last_sequence < ?", sweep, StoreRules.DeletedSequence)
        ?? throw StoreRules.NoSweep(sweep, path);

    private SqliteWriter Writer => writer
        ?? throw new StoreException(StoreReason.NotWritable, $"The store {path} was opened for reading only.");
}

/// <summary>A few reading connections. Reads block a thread of the pool, never the caller's.</summary>
internal sealed class SqliteReaders(string path) : IDisposable
{
    private const int Connections = 4;
    private const int SnapshotsMax = 10;

    private readonly SemaphoreSlim _room = new(Connections);
    private readonly ConcurrentBag<SqliteDatabase> _idle = [];
    private volatile bool _closed;

    public Task<T> ReadAsync<T>(Func<SqliteDatabase, T> work, CancellationToken cancellationToken) =>
        Task.Run(() => ReadOnThreadAsync(work, cancellationToken), cancellationToken);

    public void Dispose()
    {
        _closed = true;
        DisposeIdle();
    }

    private async Task<T> ReadOnThreadAsync<T>(Func<SqliteDatabase, T> work, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            for (var read = 1; ; read++)
            {
                if (TryRead(work, isLast: read == SnapshotsMax, out var result))
                    return result;
            }
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>False: the store changed while a snapshot of it was read, which may be torn.</summary>
    private bool TryRead<T>(Func<SqliteDatabase, T> work, bool isLast, out T result)
    {
        var database = Take();
        try
        {
            result = work(database);
            return isLast || database.Snapshot is not { IsCurrent: false };
        }
        catch (SqliteFailure) when (!isLast && database.Snapshot is { IsCurrent: false })
        {
            result = default!;
            return false;
        }
        finally
        {
            // A transaction that could not be ended holds what the file was: nobody is to read it again.
            if (database.IsInTransaction)
                database.Dispose();
            else
                _idle.Add(database);
            // Closed meanwhile: who closes may have looked before this one was back.
            if (_closed)
                DisposeIdle();
        }
    }

    private void DisposeIdle()
    {
        while (_idle.TryTake(out var database))
            database.Dispose();
    }

    private SqliteDatabase Take()
    {
        if (_closed)
            throw SqliteWriter.Closed(path);
        while (_idle.TryTake(out var database))
        {
            if (database.Snapshot is not { IsCurrent: false })
                return database;
            database.Dispose();
        }

        return SqliteOpening.OpenReader(path);
    }
}
