namespace Sweeps.Compat.Orleans.Tests.Grains;


public interface ISpeakerGrain : IGrainWithStringKey
{
    Task Add(IListener listener);

    Task Say(string text);

    Task SayMany(int count);

    Task Tell(string text);

    Task<int> Ask(int number);
}
