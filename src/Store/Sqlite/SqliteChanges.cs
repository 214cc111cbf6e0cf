using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>
/// The change feed of a file that several processes write: this process's own changes by topic, and of the others that
/// there were any. SQLite counts the commits of other connections; the number is looked at while somebody waits, and
/// with every transaction of our own.
/// </summary>
internal sealed class SqliteChanges : IChangeFeed, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ChangeSignal _signal;
    private readonly Action _look;
    private readonly Timer _timer;
    private int _waiting;
    private int _looking;

    /// <summary>Begins to look.</summary>
    /// <param name="signal">Raised by this process's own changes, and for all topics by those of others.</param>
    /// <param name="look">Looks, and raises; a hint, so that it never throws.</param>
    public SqliteChanges(ChangeSignal signal, Action look)
    {
        (_signal, _look) = (signal, look);
        _timer = new Timer(_ => Look(), null, Interval, Interval);
    }

    public long Mark(string? topic = null) => _signal.Mark(topic);

    public async Task<bool> WaitAsync(
        string? topic, long mark, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            return await _signal.WaitAsync(topic, mark, timeout, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose()
    {
        using var ended = new ManualResetEvent(false);
        if (_timer.Dispose(ended))
            ended.WaitOne();
    }

    private void Look()
    {
        if (Volatile.Read(ref _waiting) == 0 || Interlocked.Exchange(ref _looking, 1) == 1)
            return;
        try
        {
            _look();
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }
}

/// <summary>The number of commits by other connections, as a connection sees it. For one thread at a time.</summary>
internal sealed class SqliteVersion(SqliteDatabase database)
{
    private long _seen = Read(database);

    /// <summary>Whether others have committed since the last look.</summary>
    public bool HasMoved()
    {
        var now = Read(database);
        if (now == _seen)
            return false;
        _seen = now;
        return true;
    }

    private static long Read(SqliteDatabase database) => database.Number("PRAGMA data_version") ?? 0;
}

/// <summary>Looks for changes on behalf of a process that only reads, on a connection of its own.</summary>
internal sealed class SqliteWatch(string path, Action changed) : IDisposable
{
    private SqliteDatabase? _database;
    private SqliteVersion? _version;

    public void Look()
    {
        try
        {
            if (_database?.Snapshot is { IsCurrent: false })
                Close();
            if (_database is null)
            {
                _database = SqliteOpening.OpenReader(path);
                _version = new(_database);
                // What happened before this first look, nobody knows.
                changed();
            }
            else if (_version!.HasMoved())
            {
                changed();
            }
        }
        catch (StoreException)
        {
            // Who reads the store hears of it.
            Close();
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        _database?.Dispose();
        (_database, _version) = (null, null);
    }
}
