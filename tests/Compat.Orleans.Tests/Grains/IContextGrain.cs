namespace Sweeps.Compat.Orleans.Tests.Grains;


public interface IContextGrain : IGrainWithStringKey
{
    Task<string?> Read(string key);

    Task<string?> ReadThrough(IContextGrain other, string key);

    Task Set(string key, string value);

    Task<string> Silo();
}
