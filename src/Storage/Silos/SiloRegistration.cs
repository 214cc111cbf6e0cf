namespace Sweeps.Storage;

/// <summary>A silo that enters.</summary>
/// <param name="Name">The silo's name, kept over restarts; operators use it.</param>
/// <param name="Incarnation">Names this start of the process; never used again.</param>
/// <param name="Host">The machine.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Slots">Number of slots.</param>
/// <param name="Fingerprint">The numerics fingerprint.</param>
public sealed record SiloRegistration(
    string Name, string Incarnation, string Host, string Version, int Slots, string Fingerprint);
