namespace Sweeps.Storage;

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
