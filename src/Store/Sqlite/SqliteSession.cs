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
        writer?.WriteAsync(rows, work, cancellationToken)
        ?? throw new StoreException(StoreReason.NotWritable, $"The store {path} was opened for reading only.");

    public void Raise(string topic) => changes.Raise(topic);

    /// <summary>The sweep's number in the tables.</summary>
    public long Key(SqliteDatabase database, string sweep) =>
        database.Number("SELECT key FROM sweeps WHERE id = ?", sweep) ?? throw StoreRules.NoSweep(sweep, path);
}

/// <summary>A few reading connections. Reads block a thread of the pool, never the caller's.</summary>
internal sealed class SqliteReaders(string path) : IDisposable
{
    private const int Connections = 4;

    private readonly SemaphoreSlim _room = new(Connections);
    private readonly ConcurrentBag<SqliteDatabase> _idle = [];
    private volatile bool _closed;

    public Task<T> ReadAsync<T>(Func<SqliteDatabase, T> work, CancellationToken cancellationToken) =>
        Task.Run(() => ReadOnThreadAsync(work, cancellationToken), cancellationToken);

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var database))
            database.Dispose();
    }

    private async Task<T> ReadOnThreadAsync<T>(Func<SqliteDatabase, T> work, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            if (_closed)
                throw SqliteWriter.Closed(path);
            if (!_idle.TryTake(out var database))
                database = SqliteOpening.OpenReader(path);
            try
            {
                return work(database);
            }
            finally
            {
                if (_closed)
                    database.Dispose();
                else
                    _idle.Add(database);
            }
        }
        finally
        {
            _room.Release();
        }
    }
}
