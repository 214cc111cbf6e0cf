namespace Sweeps.Compat.Orleans.Tests.Grains;


/// <summary>An object outside the grains.</summary>
public sealed class Listener(Journal journal) : IListener
{
    private int inside;

    public int Most { get; private set; }

    public async Task Heard(string text)
    {
        Most = Math.Max(Most, ++inside);
        await Task.Yield();
        inside--;
        journal.Write(text);
        journal.Signal("heard " + text);
    }

    public void Told(string text) => journal.Signal("told " + text);

    public Task<int> Asked(int number) => number < 0
        ? throw new ArgumentOutOfRangeException(nameof(number))
        : Task.FromResult(number * 2);
}
