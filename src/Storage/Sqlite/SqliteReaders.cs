using System.Collections.Concurrent;

namespace Sweeps.Storage;

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
