using System.Collections.Immutable;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// Reads sweep files. All errors are found at once, each with line, column, path, the value, what is allowed and the
/// nearest valid name. The same rules make the <see cref="SpecificationSchema">schema</see>.
/// </summary>
public static class SpecificationReader
{
    /// <summary>Reads a sweep file; never throws for what is in it.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="fileName">As the user named it; <c>.json</c> means JSON.</param>
    /// <param name="overrides">Changes made before anything is checked: <c>epochs=1</c>, <c>data.samples=2000</c>; see
    /// <see cref="SpecificationOverrides"/>.</param>
    /// <param name="readFile">The text of a file that the sweep file names (a Keras model), by its path as written;
    /// throws <see cref="IOException"/> when it cannot be read. Null: such files are errors.</param>
    public static SpecificationReading Read(
        string text, string fileName, IEnumerable<string>? overrides = null, Func<string, string>? readFile = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        return Read(text, fileName, overrides ?? [], new ReadingContext(readFile));
    }

    /// <summary>Reads a plan's specification, by the rules of the version that made it.</summary>
    /// <param name="expansion">As <see cref="Log.SweepPlan.Expansion"/>.</param>
    internal static SpecificationReading ReadCanonical(string text, string fileName, int expansion) =>
        Read(text, fileName, [], new ReadingContext(expansion: expansion));

    private static SpecificationReading Read(
        string text, string fileName, IEnumerable<string> overrides, ReadingContext context)
    {
        var specification = ReadSpecification(text, fileName, overrides, context);
        var errors = context.Errors.OrderBy(e => e.Position.Line).ThenBy(e => e.Position.Column);
        return new(fileName, context.Errors.Count == 0 ? specification : null, [.. errors], [.. context.Notes]);
    }

    private static SweepSpecification? ReadSpecification(
        string text, string fileName, IEnumerable<string> overrides, ReadingContext context)
    {
        var node = SourceReader.Read(text, fileName, context.Errors);
        if (node is null)
            return null;
        if (node is SourceMap map)
            node = SpecificationOverrides.Apply(map, overrides, context.Errors);
        return SweepRules.File.Read(node, "", context, out var file)
            ? new SpecificationBuilder(file, context).Build() : null;
    }
}

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
