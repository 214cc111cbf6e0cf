using Orleans.Concurrency;

namespace Sweeps.Compat.Orleans.Tests.Grains;

public interface ILifeGrain : IGrainWithStringKey
{
    Task<int> Count();

    Task<string> Key();

    Task End();

    Task EndAfter(string name);

    Task Delay(TimeSpan time);

    [AlwaysInterleave]
    Task<bool> IsThere();
}
