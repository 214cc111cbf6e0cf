using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Reading;

/// <summary>What the parts of the reader share: where problems go, and how other files are read.</summary>
internal sealed class ReadingContext(Func<string, string>? readFile)
{
    /// <summary>Everything that is wrong.</summary>
    public ProblemList Errors { get; } = new();

    /// <summary>What is accepted and has no effect.</summary>
    public ProblemList Notes { get; } = new();

    /// <summary>The text of another file; null where files cannot be read.</summary>
    public Func<string, string>? ReadFile => readFile;

    /// <summary>Adds an error at a node.</summary>
    public void Error(SourceNode node, string path, string message) => Errors.Add(node.Position, path, message);

    /// <summary>Adds a note at a node.</summary>
    public void Note(SourceNode node, string path, string message) => Notes.Add(node.Position, path, message);
}
