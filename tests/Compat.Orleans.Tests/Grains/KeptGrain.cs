namespace Sweeps.Compat.Orleans.Tests.Grains;

[KeepAlive]
public sealed class KeptGrain(Journal journal) : LifeGrain(journal), IKeptGrain;
