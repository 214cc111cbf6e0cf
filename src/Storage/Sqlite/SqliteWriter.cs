using SQLitePCL;
using Sweeps.Core;

namespace Sweeps.Storage;

/// <summary>The writing side of a store: every write of the process goes through this one group commit.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly GroupCommit<SqliteWrite> _group;
    private SqliteFailure? _broken;

    public SqliteWriter(SqliteDatabase database, StoreOptions options)
    {
        _database = database;
        _group = new(options, Commit, () => Closed(database.Path));
    }

    public long Commits => _group.Commits;

    /// <summary>Does the work in a transaction shared with others; answered when it is durable.</summary>
    public async Task<T> WriteAsync<T>(int rows, Func<SqliteDatabase, T> work, CancellationToken cancellationToken)
    {
        var write = new SqliteWork<T>(rows, work, cancellationToken);
        await _group.EnqueueAsync(write, cancellationToken);
        return await write.Answer;
    }

    /// <summary>Takes no more writes and does those taken.</summary>
    public ValueTask FinishAsync() => _group.DisposeAsync();

    public void Dispose() => _database.Dispose();

    public static SweepsException Closed(string path) =>
        new(ErrorKind.Store, $"The store {path} is closed.");

    private Task Commit(IReadOnlyList<SqliteWrite> group)
    {
        if (_broken is not null)
            throw _broken;
        try
        {
            _database.Prepare("BEGIN IMMEDIATE").Step();
            foreach (var write in group)
                Execute(write);
            _database.Prepare("COMMIT").Step();
            return Task.CompletedTask;
        }
        catch (Exception error)
        {
            // After a failed write or flush nobody knows what the disk holds: going on could acknowledge on sand.
            if (error is SqliteFailure { Primary: raw.SQLITE_IOERR or raw.SQLITE_CORRUPT } failure)
                _broken = failure;
            RollBack();
            throw;
        }
    }

    private void Execute(SqliteWrite write)
    {
        _database.Prepare("SAVEPOINT one").Step();
        try
        {
            write.Execute(_database);
        }
        catch (Exception error) when (_database.IsInTransaction && !EndsGroup(error))
        {
            _database.Prepare("ROLLBACK TO one").Step();
            write.Refuse(error);
        }

        _database.Prepare("RELEASE one").Step();
    }

    private static bool EndsGroup(Exception error) => error is SqliteFailure
    {
        Primary: raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_READONLY or raw.SQLITE_BUSY,
    };

    private void RollBack()
    {
        try
        {
            if (_database.IsInTransaction)
                _database.Prepare("ROLLBACK").Step();
        }
        catch (SqliteFailure failure)
        {
            _broken ??= failure;
        }
    }
}
