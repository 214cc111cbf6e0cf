using System.Diagnostics;
using SQLitePCL;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>
/// The writing side of a store: every write of the process goes through this one group commit. Other processes may
/// write between two transactions.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteVersion _version;
    private readonly Action _changedElsewhere;
    private readonly TimeSpan _patienceMax;
    private readonly GroupCommit<SqliteWrite> _group;

    /// <summary>The connection is used by one thread at a time.</summary>
    private readonly Lock _gate = new();
    private TimeSpan _patience;
    private SqliteFailure? _broken;
    private bool _closed;

    /// <summary>Takes over the connection.</summary>
    /// <param name="database">The writing connection.</param>
    /// <param name="options">Bounds of the group commit, and how long another's lock is waited for.</param>
    /// <param name="changedElsewhere">Called when other processes have written.</param>
    public SqliteWriter(SqliteDatabase database, StoreOptions options, Action changedElsewhere)
    {
        (_database, _changedElsewhere, _version) = (database, changedElsewhere, new(database));
        _patience = _patienceMax = options.RetryTime;
        _group = new(options, Commit, () => Closed(database.Path));
    }

    public long Commits => _group.Commits;

    /// <summary>Does the work in a transaction shared with others; answered when it is durable.</summary>
    /// <param name="rows">Rows it writes, for the bound on a transaction.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Gives up while it waits for its turn.</param>
    /// <param name="goesFirst">Before all others of the transaction, so that it sees what is committed alone.</param>
    public async Task<T> WriteAsync<T>(
        int rows, Func<SqliteDatabase, T> work, CancellationToken cancellationToken, bool goesFirst = false)
    {
        var write = new SqliteWork<T>(rows, work, cancellationToken) { GoesFirst = goesFirst };
        await _group.EnqueueAsync(write, cancellationToken);
        return await write.Answer;
    }

    /// <summary>Takes no more writes and does those taken.</summary>
    public ValueTask FinishAsync() => _group.DisposeAsync();

    /// <summary>Looks whether other processes have written, unless a commit is under way, which looks itself.</summary>
    public void Look()
    {
        if (!_gate.TryEnter())
            return;
        try
        {
            if (_broken is null && !_closed && _version.HasMoved())
                _changedElsewhere();
        }
        catch (SqliteFailure)
        {
            // The next write meets it too.
        }
        finally
        {
            _gate.Exit();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _database.Dispose();
        }
    }

    public static StoreException Closed(string path) =>
        new(StoreReason.Closed, $"The store {path} is closed.");

    private Task Commit(IReadOnlyList<SqliteWrite> group)
    {
        lock (_gate)
            CommitLocked(group);
        return Task.CompletedTask;
    }

    private void CommitLocked(IReadOnlyList<SqliteWrite> group)
    {
        if (_broken is not null)
            throw _broken;
        try
        {
            Insist("BEGIN IMMEDIATE");
            SqliteOpening.CheckUnchanged(_database);
            if (_version.HasMoved())
                _changedElsewhere();
            foreach (var write in group)
            {
                if (write.GoesFirst)
                    Execute(write);
            }

            foreach (var write in group)
            {
                if (!write.GoesFirst)
                    Execute(write);
            }

            Insist("COMMIT");
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

    /// <summary>
    /// Begins or ends a transaction, which another process may hold up: it is tried again for as long as the store has
    /// patience. Whoever comes after a wait in vain does not wait as long again.
    /// </summary>
    private void Insist(string sql)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                _database.Prepare(sql).Step();
                _patience = _patienceMax;
                return;
            }
            catch (SqliteFailure failure) when (failure.Primary is raw.SQLITE_BUSY)
            {
                if (Stopwatch.GetElapsedTime(since) < _patience)
                    continue;
                _patience = TimeSpan.Zero;
                throw;
            }
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

    /// <summary>Done before the others of its transaction.</summary>
    public bool GoesFirst { get; init; }

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
