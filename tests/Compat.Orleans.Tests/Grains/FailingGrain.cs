namespace Sweeps.Compat.Orleans.Tests.Grains;

public sealed class FailingGrain(Journal journal) : Grain, IFailingGrain
{
    public Task ThrowAtOnce(string message) => throw new InvalidOperationException(message);

    public async Task<int> ThrowLater(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public Task ThrowOwn(string message, int number) => throw new OwnException(message, number);

    public Task ThrowCancelled() => throw new OperationCanceledException("given up");

    public async Task Watch(CancellationToken cancellation)
    {
        var seen = new TaskCompletionSource();
        await using var registration = cancellation.Register(seen.SetResult);
        journal.Signal("watching");
        await seen.Task;
        journal.Signal("seen cancelled");
        cancellation.ThrowIfCancellationRequested();
    }

    public Task<bool> Ignore(CancellationToken cancellation) => Task.FromResult(cancellation.IsCancellationRequested);

    public Task Hang() => journal.Signalled("let the hanging go");

    public Task CallThrough(IFailingGrain other) => other.CallBack(this.AsReference<IFailingGrain>());

    public Task CallBack(IFailingGrain other) => other.Nothing();

    public Task Nothing() => Task.CompletedTask;
}
