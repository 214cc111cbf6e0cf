using System.Globalization;

namespace Sweeps.Core.Specs.Source;

/// <summary>Where something was written: line and column of the file, both from 1, or the override that set
/// it.</summary>
/// <param name="Line">From 1; 0 for an override.</param>
/// <param name="Column">From 1; 0 for an override.</param>
/// <param name="Override">The override (<c>epochs=1</c>) that the value came from; null: the file.</param>
public readonly record struct SourcePosition(int Line, int Column, string? Override = null)
{
    /// <inheritdoc />
    public override string ToString() =>
        Override is null ? string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}") : $"--set {Override}";
}
