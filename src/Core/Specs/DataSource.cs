using Sweeps.Core.Training;

namespace Sweeps.Core.Specs;

/// <summary>The data set of a sweep.</summary>
/// <param name="Source">A known name, or the path of a CSV file, relative to the sweep file.</param>
/// <param name="IsFile">It is a path.</param>
public sealed record DataSource(string Source, bool IsFile)
{
    /// <summary>CSV: the label column by name or index; null: the last.</summary>
    public string? Label { get; init; }

    /// <summary>What to predict; null: decided from the label column.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>Use only this many training samples; null: all.</summary>
    public int? Samples { get; init; }
}
