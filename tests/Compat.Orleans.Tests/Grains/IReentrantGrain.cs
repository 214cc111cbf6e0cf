namespace Sweeps.Compat.Orleans.Tests.Grains;

public interface IReentrantGrain : IBusyGrain;
