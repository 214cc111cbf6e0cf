namespace Sweeps.Core.Sweeps.Events;

/// <summary>The first silo that trains for the sweep set the numerics that all results must share.</summary>
/// <param name="Fingerprint">Digest of a fixed small training on that silo.</param>
/// <param name="Silo">The silo.</param>
public sealed record FingerprintSet(string Fingerprint, SiloId Silo) : SweepEvent;
