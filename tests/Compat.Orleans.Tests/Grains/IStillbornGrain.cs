namespace Sweeps.Compat.Orleans.Tests.Grains;

public interface IStillbornGrain : IGrainWithStringKey
{
    Task Hello();
}
