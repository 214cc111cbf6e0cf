namespace Sweeps.Compat.Orleans.Tests.Grains;

public interface IKeptGrain : ILifeGrain;
