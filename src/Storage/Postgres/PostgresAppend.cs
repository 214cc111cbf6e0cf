namespace Sweeps.Storage;

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
