namespace Sweeps.Storage;

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
