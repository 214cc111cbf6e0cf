namespace Sweeps.Storage;

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
