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
    /// <param name="assembly">The SHA-256 of an assembly, by its path as written; throws
    /// <see cref="SweepsException"/> when it cannot be read. Null: assemblies are named by their digests.</param>
    public static SpecificationReading Read(
        string text, string fileName, IEnumerable<string>? overrides = null, Func<string, string>? readFile = null,
        Func<string, string>? assembly = null) =>
        Read(text, fileName, overrides ?? [], new ReadingContext(readFile) { Assembly = assembly });

    /// <summary>Reads a plan's specification, by the rules and checks of the version that made it.</summary>
    /// <param name="expansion">As <see cref="Log.SweepPlan.Expansion"/>.</param>
    internal static SpecificationReading ReadCanonical(string text, string fileName, int expansion) =>
        Read(text, fileName, [], new ReadingContext(expansion: expansion));

    private static SpecificationReading Read(
        string text, string fileName, IEnumerable<string> overrides, ReadingContext context)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        var node = SourceReader.Read(text, fileName, context.Errors);
        if (node is SourceMap map)
        {
            node = map = SpecificationOverrides.Apply(map, overrides, context.Errors, context.Notes);
            ArchitectureTexts.FindPlaceholders(map, context);
        }

        var specification = node is not null && SweepRules.File.Read(node, "", context, out var file)
            ? new SpecificationBuilder(file, context).Build() : null;
        return new(
            fileName, context.Errors.Count == 0 ? specification : null, InOrder(context.Errors),
            InOrder(context.Notes))
        {
            Root = node,
            ArchitecturePlaces = context.ArchitecturePlaces,
        };
    }

    /// <summary>Problems as they stand in the file.</summary>
    internal static ImmutableArray<SpecificationProblem> InOrder(IEnumerable<SpecificationProblem> problems) =>
        [.. problems.OrderBy(e => e.Position.Line).ThenBy(e => e.Position.Column)];
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
    /// <summary>The file's nodes; null when it could not be read.</summary>
    internal SourceNode? Root { get; init; }

    /// <summary>Where each network is written, by the text that is trained.</summary>
    internal IReadOnlyDictionary<string, SourcePosition> ArchitecturePlaces { get; init; } =
        new Dictionary<string, SourcePosition>();

    /// <summary>The same reading with one error more, which what the file is about (its data) shows.</summary>
    /// <param name="path">The keys that lead to what is wrong; where the file lacks it, the nearest above.</param>
    /// <param name="message">What is wrong, what is allowed, and the next step.</param>
    public SpecificationReading WithError(string path, string message) => WithError(PlaceOf(path), path, message);

    /// <summary>The same reading with one note more.</summary>
    /// <inheritdoc cref="WithError(string, string)" />
    public SpecificationReading WithNote(string path, string message) =>
        this with { Notes = SpecificationReader.InOrder(Notes.Add(Problem(PlaceOf(path), path, message))) };

    /// <summary>The first of the keys that the file has; the last if it has none.</summary>
    public string Written(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (Find(path) is not null)
                return path;
        }

        return paths[^1];
    }

    internal SpecificationReading WithError(SourcePosition position, string path, string message) => this with
    {
        Specification = null,
        Errors = SpecificationReader.InOrder(Errors.Add(Problem(position, path, message))),
    };

    private static SpecificationProblem Problem(SourcePosition position, string path, string message)
    {
        // The list writes a problem as all problems are written.
        var list = new ProblemList();
        list.Add(position, path, message);
        return list.First();
    }

    private SourcePosition PlaceOf(string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOf('.'))])
        {
            if (Find(at) is { } node)
                return node.Position;
        }

        return Root?.Position ?? new(1, 1);
    }

    private SourceNode? Find(string path)
    {
        var node = Root;
        foreach (var key in path.Split('.'))
            node = (node as SourceMap)?.ValueOf(key);
        return node;
    }

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
