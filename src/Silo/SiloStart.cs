namespace Sweeps.Silo;

/// <summary>How far a silo is that does not take work yet, for probes and people.</summary>
/// <param name="tell">Hears what a person should know; null: nobody.</param>
public sealed class SiloStart(Action<string>? tell = null)
{
    private volatile string _phase = "the program starts";

    /// <summary>What it does now.</summary>
    public string Phase => _phase;

    /// <summary>Goes on to the next step.</summary>
    public void Enter(string phase) => _phase = phase;

    /// <summary>Says something that a person should know.</summary>
    public void Tell(string line) => tell?.Invoke(line);
}
