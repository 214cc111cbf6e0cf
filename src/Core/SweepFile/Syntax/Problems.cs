using System.Collections;

namespace Sweeps.Core.SweepFile.Syntax;

/// <summary>One thing that is wrong in a sweep file, or worth knowing about it.</summary>
/// <param name="Position">Where it was written.</param>
/// <param name="Path">The keys that lead to it: <c>parameters.learning_rate.min</c>; empty for the file as a
/// whole.</param>
/// <param name="Message">What was found, what is allowed, and the nearest valid name or the next step.</param>
public sealed record SpecificationProblem(SourcePosition Position, string Path, string Message)
{
    /// <summary>One line for people: <c>3:14: parameters.learning_rate.min: -1 is too small; allowed:
    /// ...</c>.</summary>
    public override string ToString() => Path.Length == 0 ? $"{Position}: {Message}" : $"{Position}: {Path}: {Message}";
}

/// <summary>Collects problems, so that a reader hears of all at once; beyond <see cref="SourceLimits.Problems"/> they
/// are only counted.</summary>
internal sealed class ProblemList : IEnumerable<SpecificationProblem>
{
    private readonly List<SpecificationProblem> _problems = [];
    private readonly HashSet<SpecificationProblem> _known = [];

    /// <summary>Number of different problems, those left off included.</summary>
    public int Count => _known.Count;

    /// <summary>Adds a problem, unless the very same was added before.</summary>
    public void Add(SourcePosition position, string path, string message)
    {
        var problem = new SpecificationProblem(position, OneLine(path), WithoutEnd(OneLine(message)));
        if (_known.Add(problem) && _problems.Count < SourceLimits.Problems)
            _problems.Add(problem);
    }

    /// <summary>Adds all problems of another list.</summary>
    public void AddRange(IEnumerable<SpecificationProblem> problems)
    {
        foreach (var problem in problems)
            Add(problem.Position, problem.Path, problem.Message);
    }

    /// <summary>Problems are lines, not sentences: what other parts say with a full stop at the end loses it.</summary>
    private static string WithoutEnd(string text) =>
        text.EndsWith('.') && !text.EndsWith("..", StringComparison.Ordinal) ? text[..^1] : text;

    /// <summary>Parsers quote what they stumble over, line ends included.</summary>
    private static string OneLine(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(c => char.IsControl(c) ? '\u00b7' : c))
        : text;

    /// <inheritdoc />
    public IEnumerator<SpecificationProblem> GetEnumerator() => _problems.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
