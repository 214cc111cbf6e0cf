namespace Sweeps.Storage;

internal sealed class FaultyLog(ISweepLog inner, FaultGate gate) : ISweepLog
{
    public async Task<AppendResult> AppendAsync(SweepAppend append, CancellationToken cancellationToken = default)
    {
        var fault = gate.Next(StoreCall.AppendEvents);
        return fault == StoreFault.Conflict
            ? await ConflictAsync(append, cancellationToken)
            : await gate.PassAsync(StoreCall.AppendEvents, fault, () => inner.AppendAsync(append, cancellationToken));
    }

    public Task<IReadOnlyList<StoredEvent>> ReadAsync(
        string sweep, long afterSequence, int limit = int.MaxValue, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadEvents, () => inner.ReadAsync(sweep, afterSequence, limit, cancellationToken));

    public Task<SweepSummary?> FindAsync(string sweep, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ListSweeps, () => inner.FindAsync(sweep, cancellationToken));

    public Task<IReadOnlyList<SweepSummary>> ListAsync(
        bool openOnly = false, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ListSweeps, () => inner.ListAsync(openOnly, cancellationToken));

    private async Task<AppendResult> ConflictAsync(SweepAppend append, CancellationToken cancellationToken)
    {
        var now = await inner.FindAsync(append.Sweep, cancellationToken);
        return new AppendResult(false, now?.LastSequence ?? 0, now?.LastWritten ?? DateTimeOffset.UnixEpoch);
    }
}
