namespace Sweeps.Compat.Orleans.Tests.Grains;

public class LifeGrain(Journal journal) : Grain, ILifeGrain, IAsyncDisposable
{
    private bool activated;
    private int count;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        activated = true;
        journal.Write("activate");
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Write("deactivate " + reason.ReasonCode);
        journal.Signal("deactivated " + this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        journal.Signal("disposed");
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    public Task<int> Count() => Task.FromResult(activated ? ++count : -1);

    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task EndAfter(string name)
    {
        DeactivateOnIdle();
        journal.Signal("ending " + name);
        await journal.Signalled("go " + name);
    }

    public Task Delay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task<bool> IsThere() => Task.FromResult(activated);
}
