using System.Diagnostics;
using System.Threading.Channels;

namespace Sweeps.Store;

/// <summary>
/// One writer that gathers what is waiting into one transaction and answers each caller once it is durable. While a
/// commit is on its way to the disk the next group gathers: the more callers, the fewer commits.
/// </summary>
internal sealed class GroupCommit<TWrite> : IAsyncDisposable
    where TWrite : class, IGroupedWrite
{
    private readonly Func<IReadOnlyList<TWrite>, Task> _commit;
    private readonly Func<Exception> _closed;
    private readonly Channel<TWrite> _queue;
    private readonly int _rowsMax;
    private readonly Task _loop;

    /// <summary>Starts the writer.</summary>
    /// <param name="options">The queue's and the transaction's bounds.</param>
    /// <param name="commit">Does a group in one transaction and makes it durable, or changes nothing and
    /// throws.</param>
    /// <param name="closed">What a caller gets after the store was closed.</param>
    public GroupCommit(StoreOptions options, Func<IReadOnlyList<TWrite>, Task> commit, Func<Exception> closed)
    {
        (_commit, _closed, _rowsMax) = (commit, closed, options.BatchRowsMax);
        _queue = Channel.CreateBounded<TWrite>(new BoundedChannelOptions(options.QueueCapacity)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Number of transactions committed so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Puts a write in the queue, in the order of the calls; waits for room.</summary>
    public async ValueTask EnqueueAsync(TWrite write, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw _closed();
        }
    }

    /// <summary>Takes no more writes and finishes those taken.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var group = new List<TWrite>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            Gather(group);
            if (group.Count > 0)
                await CommitAsync(group);
            group.Clear();
        }
    }

    private void Gather(List<TWrite> group)
    {
        var rows = 0;
        while (rows < _rowsMax && _queue.Reader.TryRead(out var write))
        {
            if (write.IsCancelled)
            {
                write.Cancel();
                continue;
            }

            group.Add(write);
            rows += Math.Max(1, write.Rows);
        }
    }

    private async Task CommitAsync(List<TWrite> group)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await _commit(group);
            Commits++;
            SweepsTelemetry.CommitDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
            if (SweepsTelemetry.CommitRows.Enabled)
                SweepsTelemetry.CommitRows.Record(group.Sum(write => write.Rows));
        }
        catch (Exception error)
        {
            await FailAsync(group, error);
            return;
        }

        foreach (var write in group)
            write.Complete();
    }

    /// <summary>
    /// Alone, each write fails or succeeds for itself: one that cannot be done does not take the others with it.
    /// </summary>
    private async Task FailAsync(List<TWrite> group, Exception error)
    {
        if (group.Count == 1)
        {
            group[0].Fail(error);
            return;
        }

        foreach (var write in group)
            await CommitAsync([write]);
    }
}

/// <summary>A write that waits to share a transaction with others.</summary>
internal interface IGroupedWrite
{
    /// <summary>Rows it writes, for the bound on a transaction.</summary>
    int Rows { get; }

    /// <summary>Its caller no longer wants it.</summary>
    bool IsCancelled { get; }

    /// <summary>Answers the caller: the write is durable, or was refused for a reason of its own.</summary>
    void Complete();

    /// <summary>Answers the caller: the transaction failed.</summary>
    void Fail(Exception error);

    /// <summary>Answers the caller: not done, as wished.</summary>
    void Cancel();
}
