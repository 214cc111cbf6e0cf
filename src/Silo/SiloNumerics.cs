namespace Sweeps.Silo;

/// <summary>
/// What a machine's numbers look like: silos that differ in the fingerprint do not give comparable results.
/// </summary>
/// <param name="Fingerprint">Digest of the weights of a small fixed training.</param> <param name="Speed">Speed of that
/// training relative to the reference; 1 where it was not measured.</param>
public sealed record SiloNumerics(string Fingerprint, double Speed = 1);
