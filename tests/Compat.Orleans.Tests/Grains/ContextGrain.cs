namespace Sweeps.Compat.Orleans.Tests.Grains;


public sealed class ContextGrain(ILocalSiloDetails silo) : Grain, IContextGrain
{
    public async Task<string?> Read(string key)
    {
        await Task.Yield();
        return RequestContext.Get(key) as string;
    }

    public Task<string?> ReadThrough(IContextGrain other, string key) => other.Read(key);

    public Task Set(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }

    public Task<string> Silo() => Task.FromResult(silo.Name);
}
