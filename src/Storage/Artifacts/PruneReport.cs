namespace Sweeps.Storage;

/// <summary>What a prune removed.</summary>
/// <param name="Blobs">Number of blobs and temporary files.</param>
/// <param name="Bytes">Their size.</param>
public readonly record struct PruneReport(int Blobs, long Bytes);
