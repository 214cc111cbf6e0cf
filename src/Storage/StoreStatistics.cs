namespace Sweeps.Storage;

/// <summary>What this process has asked of its store so far.</summary>
/// <param name="Commits">Transactions that a group of appends and metrics shared.</param>
/// <param name="Statements">Round trips to a server, of every kind; 0 for stores without one.</param>
public readonly record struct StoreStatistics(long Commits, long Statements);
