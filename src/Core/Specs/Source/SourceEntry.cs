namespace Sweeps.Core.Specs.Source;

/// <summary>A key of a map and its value.</summary>
/// <param name="Key">The key's text.</param>
/// <param name="KeyPosition">Where the key starts.</param>
/// <param name="Value">The value.</param>
public sealed record SourceEntry(string Key, SourcePosition KeyPosition, SourceNode Value);
