namespace Sweeps.Storage;

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
