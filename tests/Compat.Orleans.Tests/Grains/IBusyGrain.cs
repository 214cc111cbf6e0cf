using Orleans.Concurrency;

namespace Sweeps.Compat.Orleans.Tests.Grains;

/// <summary>Methods that say when they have begun and wait until they are let go.</summary>
public interface IBusyGrain : IGrainWithStringKey
{
    Task Work(string name);

    [AlwaysInterleave]
    Task Interleave(string name);

    [ReadOnly]
    Task Read(string name);

    Task<int> Add(int steps);

    Task<int> MostAtOnce();

    Task<bool> StaysOnScheduler();

    [OneWay]
    Task Forget(string name);

    ValueTask<int> Value(int value);
}
