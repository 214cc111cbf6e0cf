namespace Sweeps.Compat.Orleans.Tests.Grains;


public interface IListener : IGrainObserver
{
    Task Heard(string text);

    void Told(string text);

    Task<int> Asked(int number);
}
