namespace Sweeps.Silo;

/// <summary>Who this silo is to the others. A silo that was declared lost goes on under a new incarnation.</summary>
internal sealed class SiloIdentity(string name, SiloNumerics numerics)
{
    /// <summary>The silo's name, kept over restarts.</summary>
    public string Name { get; } = name;

    /// <summary>Names this start; never used again.</summary>
    public string Incarnation { get; private set; } = NewIncarnation();

    /// <summary>The silo's numerics fingerprint.</summary>
    public string Fingerprint => numerics.Fingerprint;

    /// <summary>The silo's speed relative to the reference, by its own calibration.</summary>
    public double Speed => numerics.Speed;

    /// <summary>Begins a new incarnation: what was given to the old one is not ours any more.</summary>
    public void Renew() => Incarnation = NewIncarnation();

    private static string NewIncarnation() => Guid.NewGuid().ToString("n");
}
