namespace Sweeps.Compat.Orleans.Tests.Grains;

public sealed class StillbornGrain : Grain, IStillbornGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException("never lives");

    public Task Hello() => Task.CompletedTask;
}
