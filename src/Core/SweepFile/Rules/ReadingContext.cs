using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>What the parts of the reader share: where problems go, and how other files are read.</summary>
internal sealed class ReadingContext(Func<string, string>? readFile = null, int? expansion = null)
{
    private readonly HashSet<string> _listed = new(StringComparer.Ordinal);

    /// <summary>Everything that is wrong.</summary>
    public ProblemList Errors { get; } = new();

    /// <summary>The part of <see cref="Errors"/> that one rule sees alone; the JSON Schema refuses the same.</summary>
    public ProblemList Refused { get; } = new();

    /// <summary>What is accepted and has no effect.</summary>
    public ProblemList Notes { get; } = new();

    /// <summary>Where each network is written, by the text that is trained.</summary>
    public Dictionary<string, SourcePosition> ArchitecturePlaces { get; } = new(StringComparer.Ordinal);

    /// <summary>The placeholders of the file's architectures: names that <c>parameters</c> may have beside the
    /// hyperparameters.</summary>
    public HashSet<string> Placeholders { get; } = new(StringComparer.Ordinal);

    /// <summary>The text is a user's; otherwise a plan's, which keeps the configurations that it has: what only newer
    /// checks refuse is taken as it is.</summary>
    public bool IsNew => expansion is null;

    /// <summary>
    /// Multiples of a step stay between min and max, and not only where the parameter allows them.
    /// </summary>
    public bool KeepsStepsInRange => expansion is not 0;

    /// <summary>The text of another file; null where files cannot be read.</summary>
    public Func<string, string>? ReadFile => readFile;

    /// <summary>The SHA-256 of an assembly by its path; null where files cannot be read.</summary>
    public Func<string, string>? Assembly { get; init; }

    /// <summary>
    /// The end of an error about an unknown name: the nearest known one, and all that are allowed. A list is told once
    /// a file: repeated in every error, it hides them.
    /// </summary>
    /// <param name="word">The unknown name.</param>
    /// <param name="known">What it may have meant.</param>
    /// <param name="allowed">What the list shows; null: what is known.</param>
    /// <param name="canonical">The name that a known one stands for; null: itself.</param>
    public string NamesInstead(
        string word, IReadOnlyList<string> known, IReadOnlyList<string>? allowed = null,
        Func<string, string?>? canonical = null)
    {
        var nearest = NearestName.Find(word, known);
        if (nearest is not null)
            nearest = canonical?.Invoke(nearest) ?? nearest;
        var list = ListOnce(allowed ?? known, nearest is null ? "; " : " ");
        return nearest is null ? list : $"; did you mean '{nearest}'?{list}";
    }

    /// <summary>What is allowed, at the first time; later that it was told.</summary>
    public string ListOnce(IReadOnlyList<string> allowed, string before)
    {
        var list = string.Join(", ", allowed);
        return _listed.Add(list) ? $"{before}allowed: {list}" : before == "; " ? "; the allowed names are listed above"
            : "";
    }

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
