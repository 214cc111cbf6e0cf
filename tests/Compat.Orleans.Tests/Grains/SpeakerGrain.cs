namespace Sweeps.Compat.Orleans.Tests.Grains;


public sealed class SpeakerGrain : Grain, ISpeakerGrain
{
    private readonly List<IListener> listeners = [];

    public Task Add(IListener listener)
    {
        listeners.Add(listener);
        return Task.CompletedTask;
    }

    public Task Say(string text) => Task.WhenAll(listeners.Select(listener => listener.Heard(text)));

    public Task SayMany(int count) => Task.WhenAll(
        Enumerable.Range(0, count).Select(i => listeners[0].Heard("text " + i.ToString("D4"))));

    public Task Tell(string text)
    {
        listeners.ForEach(listener => listener.Told(text));
        return Task.CompletedTask;
    }

    public Task<int> Ask(int number) => listeners[0].Asked(number);
}
