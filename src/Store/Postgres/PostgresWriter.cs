using Npgsql;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

/// <summary>
/// The group commit on a server: a group is one round trip and one transaction, whatever it holds. Repeating a group
/// whose outcome is unknown is harmless: appends carry ids, metrics replace themselves.
/// </summary>
internal sealed class PostgresWriter : IAsyncDisposable
{
    private readonly PostgresSession _session;
    private readonly PostgresNotifier _notifier;
    private readonly GroupCommit<PostgresWrite> _group;

    public PostgresWriter(PostgresSession session, PostgresNotifier notifier)
    {
        (_session, _notifier) = (session, notifier);
        _group = new(session.Options, CommitAsync, session.Closed);
    }

    public long Commits => _group.Commits;

    public ValueTask EnqueueAsync(PostgresWrite write, CancellationToken cancellationToken) =>
        _session.Options.Access != StoreAccess.ReadOnly
            ? _group.EnqueueAsync(write, cancellationToken)
            : throw new StoreException(
                StoreReason.NotWritable, $"The store {_session.Target} was opened for reading only.");

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private async Task CommitAsync(IReadOnlyList<PostgresWrite> group)
    {
        // Every process locks sweeps in the same order, so that two groups never wait for each other in a ring.
        var appends = group.OfType<PostgresAppend>()
            .OrderBy(item => item.Append.Sweep, StringComparer.Ordinal).ToList();
        var puts = group.OfType<PostgresPut>().ToList();
        var notice = _notifier.TakeDue(appends.Select(item => item.Append.Sweep));
        try
        {
            await SendAsync(appends, puts, notice);
        }
        catch when (notice is not null)
        {
            _notifier.NoteLost();
            throw;
        }

        var changed = appends.Where(item => item.Result.IsAppended).Select(item => item.Append.Sweep).Distinct();
        foreach (var sweep in changed)
            _notifier.RaiseHere(sweep);
    }

    private Task<bool> SendAsync(List<PostgresAppend> appends, List<PostgresPut> puts, string? notice) =>
        _session.RunAsync(
            async (connection, token) =>
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(PostgresBatches.Fence());
                if (appends.Count > 0)
                    batch.BatchCommands.Add(PostgresBatches.Append(appends));
                if (puts.Count > 0)
                    batch.BatchCommands.Add(PostgresBatches.Put(puts));
                if (appends.Exists(item => item.Append.Results.Count > 0))
                    batch.BatchCommands.Add(PostgresBatches.Results(appends));
                if (appends.Exists(item => item.Append.Basis is not null))
                    batch.BatchCommands.Add(PostgresBatches.Bases(appends));
                if (notice is not null)
                    batch.BatchCommands.Add(PostgresBatches.Notify(notice));
                _session.CountStatement();
                await ReadAnswersAsync(batch, appends, puts, token);
                return true;
            },
            CancellationToken.None);

    private async Task ReadAnswersAsync(
        NpgsqlBatch batch, List<PostgresAppend> appends, List<PostgresPut> puts, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (appends.Count > 0)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                appends[reader.GetInt32(0) - 1].Result = new AppendResult(
                    reader.GetBoolean(1), reader.GetInt64(2), reader.GetFieldValue<DateTimeOffset>(3));
            }

            await reader.NextResultAsync(cancellationToken);
        }

        if (puts.Count > 0)
        {
            await reader.ReadAsync(cancellationToken);
            foreach (var call in reader.GetFieldValue<int[]>(0))
            {
                var sweeps = puts[call].Metrics.Select(row => row.Trial.Sweep).Distinct();
                puts[call].Refusal = StoreRules.NoSweep(string.Join("', '", sweeps), _session.Target.Display);
            }

            await reader.NextResultAsync(cancellationToken);
        }

        // What has no rows to read may still have failed, and everything with it.
        while (await reader.NextResultAsync(cancellationToken))
        {
        }
    }
}

/// <summary>A call that shares a transaction with others: an append or rows of metrics.</summary>
internal abstract class PostgresWrite(CancellationToken cancellationToken) : IGroupedWrite
{
    public abstract int Rows { get; }

    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    protected CancellationToken Cancellation => cancellationToken;

    public abstract void Complete();

    public abstract void Fail(Exception error);

    public abstract void Cancel();
}

/// <summary>An append on its way.</summary>
internal sealed class PostgresAppend(SweepAppend append, CancellationToken cancellationToken)
    : PostgresWrite(cancellationToken)
{
    private readonly TaskCompletionSource<AppendResult> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public SweepAppend Append => append;

    /// <summary>What the server said, delivered once the transaction is durable.</summary>
    public AppendResult Result { get; set; }

    public Task<AppendResult> Answer => _answer.Task;

    public override int Rows => append.Events.Count;

    public override void Complete() => _answer.TrySetResult(Result);

    public override void Fail(Exception error) => _answer.TrySetException(error);

    public override void Cancel() => _answer.TrySetCanceled(Cancellation);
}

/// <summary>Rows of metrics on their way.</summary>
internal sealed class PostgresPut(IReadOnlyList<MetricRow> rows, CancellationToken cancellationToken)
    : PostgresWrite(cancellationToken)
{
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<MetricRow> Metrics => rows;

    /// <summary>Why nothing of this call was written; null: all of it was.</summary>
    public Exception? Refusal { get; set; }

    public Task Answer => _answer.Task;

    public override int Rows => rows.Count;

    public override void Complete()
    {
        if (Refusal is null)
            _answer.TrySetResult();
        else
            _answer.TrySetException(Refusal);
    }

    public override void Fail(Exception error) => _answer.TrySetException(error);

    public override void Cancel() => _answer.TrySetCanceled(Cancellation);
}
