using Orleans.Concurrency;

namespace Sweeps.Compat.Orleans.Tests.Grains;

[Reentrant]
public sealed class ReentrantGrain(Journal journal) : BusyGrain(journal), IReentrantGrain;
