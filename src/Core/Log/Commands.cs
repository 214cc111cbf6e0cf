namespace Sweeps.Core.Sweeps.Commands;

/// <summary>
/// Something that is wanted of a sweep. Every command may come late, twice or out of order: one that no longer applies
/// gives no events and says why (<see cref="Rejection"/>).
/// </summary>
public abstract record SweepCommand;
