using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>What the parts of the reader share: where problems go, and how other files are read.</summary>
internal sealed class ReadingContext(Func<string, string>? readFile = null, int? expansion = null)
{
    /// <summary>Everything that is wrong.</summary>
    public ProblemList Errors { get; } = new();

    /// <summary>The part of <see cref="Errors"/> that one rule sees alone; the JSON Schema refuses the same.</summary>
    public ProblemList Refused { get; } = new();

    /// <summary>What is accepted and has no effect.</summary>
    public ProblemList Notes { get; } = new();

    /// <summary>The text is a user's; otherwise a plan's, which keeps the configurations that it has.</summary>
    public bool IsNew => expansion is null;

    /// <summary>
    /// Multiples of a step stay between min and max, and not only where the parameter allows them.
    /// </summary>
    public bool KeepsStepsInRange => expansion is not 0;

    /// <summary>The text of another file; null where files cannot be read.</summary>
    public Func<string, string>? ReadFile => readFile;

    /// <summary>Adds what a rule refuses.</summary>
    public void Refuse(SourcePosition position, string path, string message)
    {
        Errors.Add(position, path, message);
        Refused.Add(position, path, message);
    }

    /// <summary>Adds an error that takes more than one value to see.</summary>
    public void Error(SourceNode node, string path, string message) => Errors.Add(node.Position, path, message);

    /// <summary>Adds a note at a node.</summary>
    public void Note(SourceNode node, string path, string message) => Notes.Add(node.Position, path, message);
}
