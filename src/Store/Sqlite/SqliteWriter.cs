using SQLitePCL;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

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

    public static StoreException Closed(string path) =>
        new(StoreReason.Closed, $"The store {path} is closed.");

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

/// <summary>A piece of work on the writing connection, inside the group's transaction.</summary>
internal abstract class SqliteWrite(int rows, CancellationToken cancellationToken) : IGroupedWrite
{
    public int Rows => rows;

    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    protected CancellationToken Cancellation => cancellationToken;

    /// <summary>Does the work; what it throws takes back this work alone.</summary>
    public abstract void Execute(SqliteDatabase database);

    /// <summary>Remembers that the work was taken back, for <see cref="Complete"/>.</summary>
    public abstract void Refuse(Exception reason);

    public abstract void Complete();

    public abstract void Fail(Exception error);

    public abstract void Cancel();
}

/// <summary>A write with an answer.</summary>
internal sealed class SqliteWork<T>(int rows, Func<SqliteDatabase, T> work, CancellationToken cancellationToken)
    : SqliteWrite(rows, cancellationToken)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _reason;

    public Task<T> Answer => _answer.Task;

    public override void Execute(SqliteDatabase database) => (_result, _reason) = (work(database), null);

    public override void Refuse(Exception reason) => _reason = reason;

    public override void Complete()
    {
        if (_reason is null)
            _answer.TrySetResult(_result!);
        else
            _answer.TrySetException(_reason);
    }

    public override void Fail(Exception error) => _answer.TrySetException(error);

    public override void Cancel() => _answer.TrySetCanceled(Cancellation);
}
