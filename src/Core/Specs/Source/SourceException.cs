namespace Sweeps.Core.Specs.Source;

/// <summary>The text is not YAML or JSON, or exceeds a limit; never leaves <see cref="SourceReader"/>.</summary>
internal sealed class SourceException(SourcePosition position, string message) : Exception(message)
{
    /// <summary>Where.</summary>
    public SourcePosition Position { get; } = position;
}
