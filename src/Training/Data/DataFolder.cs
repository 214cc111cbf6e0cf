namespace Sweeps.Training.Data;

/// <summary>A folder that data sets are looked for in.</summary>
/// <param name="Path">The folder; it need not exist.</param>
/// <param name="Origin">Who named it, for messages: <c>--data-dir</c>, <c>SWEEPS_DATA</c>, <c>the cache
/// folder</c>.</param>
public sealed record DataFolder(string Path, string Origin);
