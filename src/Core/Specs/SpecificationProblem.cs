using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs;

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
