namespace Sweeps.Core.Sweeps.Events;

/// <summary>
/// A silo computes other numbers than the sweep's first one, so it gets no trials of this sweep. Written once a silo.
/// </summary>
/// <param name="Silo">The silo.</param>
/// <param name="Fingerprint">Its fingerprint.</param>
public sealed record SiloRefused(SiloId Silo, string Fingerprint) : SweepEvent;
