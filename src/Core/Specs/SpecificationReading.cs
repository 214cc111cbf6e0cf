using System.Collections.Immutable;

namespace Sweeps.Core.Specs;

/// <summary>What reading a sweep file gave.</summary>
/// <param name="FileName">The file, as the user named it.</param>
/// <param name="Specification">The sweep; null when there are errors.</param>
/// <param name="Errors">Everything that is wrong, in the file's order.</param>
/// <param name="Notes">What is accepted and has no effect, or less than it seems.</param>
public sealed record SpecificationReading(
    string FileName,
    SweepSpecification? Specification,
    ImmutableArray<SpecificationProblem> Errors,
    ImmutableArray<SpecificationProblem> Notes)
{
    /// <summary>The sweep, or all errors as one.</summary>
    /// <exception cref="SweepsException">There are errors; the message has one line for each.</exception>
    public SweepSpecification Require() => Specification ?? throw new SweepsException(
        ErrorKind.Usage, string.Join('\n', Errors.Select(Describe)));

    /// <summary>A problem with its file, as compilers print it: <c>sweep.yaml:3:14: ...</c>.</summary>
    public string Describe(SpecificationProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.Position.Override is null ? $"{FileName}:{problem}" : problem.ToString();
    }
}
