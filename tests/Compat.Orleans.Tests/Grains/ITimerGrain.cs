using Orleans.Concurrency;

namespace Sweeps.Compat.Orleans.Tests.Grains;

public interface ITimerGrain : IGrainWithStringKey
{
    Task StartOnce();

    Task StartFast(bool interleave);

    Task StartFailing();

    Task StartWithState(string state);

    Task StartLateThenChange();

    Task Stop();

    Task<int> TicksDuring(string name);

    [AlwaysInterleave]
    Task<int> Ticks();

    Task<int> MostAtOnce();
}
