namespace Sweeps.Storage;

/// <summary>Names a trial in the rows beside the log.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Configuration">The configuration's number, from 0.</param>
/// <param name="Fold">The fold, from 0; -1: no fold (the refit on all data).</param>
public readonly record struct TrialKey(string Sweep, int Configuration, int Fold);
