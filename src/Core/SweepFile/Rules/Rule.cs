using System.Globalization;
using System.Text.Json.Nodes;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>
/// What a value in a sweep file may be. One description serves two readers: <see cref="Check"/> holds a file to it, and
/// <see cref="ToSchema"/> tells an editor; whatever the first rejects, the second rejects too.
/// </summary>
public abstract class Rule
{
    /// <summary>What is allowed, as the end of a sentence: <c>a number from 0 to 1</c>.</summary>
    public abstract string Allowed { get; }

    /// <summary>Adds a problem for everything in <paramref name="node"/> that is not allowed.</summary>
    internal abstract void Check(SourceNode node, string path, ProblemList problems);

    /// <summary>The rule as JSON Schema (draft 2020-12).</summary>
    internal abstract JsonObject ToSchema();

    /// <summary>Whether <see cref="Check"/> finds nothing.</summary>
    internal bool Accepts(SourceNode node)
    {
        var problems = new ProblemList();
        Check(node, "", problems);
        return problems.Count == 0;
    }

    /// <summary>The problem of a value of the wrong kind.</summary>
    private protected void Reject(SourceNode node, string path, ProblemList problems) =>
        problems.Add(node.Position, path, $"{node.Found} is not allowed; allowed: {Allowed}");

    internal static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}

/// <summary>Anything: for keys of other programs that mean nothing here, and for what a parser of its own
/// reads.</summary>
/// <param name="types">The JSON types that an editor accepts; none: all.</param>
public sealed class AnyRule(params string[] types) : Rule
{
    /// <inheritdoc />
    public override string Allowed => "anything";

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
    }

    internal override JsonObject ToSchema() =>
        types.Length == 0 ? [] : new() { ["type"] = new JsonArray([.. types.Select(t => JsonValue.Create(t))]) };
}

/// <summary>A value that may be written in several shapes: short as a scalar or a list, long as a map.</summary>
public sealed class ShapeRule : Rule
{
    /// <summary>The rule of a single value; null: not allowed.</summary>
    public Rule? Scalar { get; init; }

    /// <summary>The rule of a list; null: not allowed.</summary>
    public Rule? List { get; init; }

    /// <summary>The rule of a map; null: not allowed.</summary>
    public Rule? Map { get; init; }

    private IEnumerable<Rule> Rules => new[] { Scalar, List, Map }.OfType<Rule>();

    /// <inheritdoc />
    public override string Allowed => string.Join(", or ", Rules.Select(r => r.Allowed));

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
        var rule = node switch { SourceScalar => Scalar, SourceList => List, _ => Map };
        if (rule is null)
            Reject(node, path, problems);
        else
            rule.Check(node, path, problems);
    }

    internal override JsonObject ToSchema() =>
        new() { ["anyOf"] = new JsonArray([.. Rules.Select(r => r.ToSchema())]) };
}

/// <summary>A rule used in many places, which the schema writes once under <c>$defs</c>.</summary>
/// <param name="name">Its name there.</param>
/// <param name="rule">The rule.</param>
public sealed class SharedRule(string name, Rule rule) : Rule
{
    /// <summary>The name under <c>$defs</c>.</summary>
    public string Name => name;

    /// <inheritdoc />
    public override string Allowed => rule.Allowed;

    internal override void Check(SourceNode node, string path, ProblemList problems) =>
        rule.Check(node, path, problems);

    internal override JsonObject ToSchema() => new() { ["$ref"] = $"#/$defs/{name}" };

    /// <summary>What stands under <c>$defs</c>.</summary>
    internal IEnumerable<KeyValuePair<string, JsonObject>> ToDefinitions()
    {
        yield return new(name, rule.ToSchema());
        if (rule is ParameterRule parameter)
            yield return new(parameter.FormName, parameter.FormSchema());
    }
}

/// <summary>A list whose items all follow one rule.</summary>
/// <param name="item">The items' rule.</param>
/// <param name="max">Most items.</param>
public sealed class ListRule(Rule item, int max) : Rule
{
    /// <inheritdoc />
    public override string Allowed =>
        string.Create(CultureInfo.InvariantCulture, $"a list of 1 to {max} items, each {item.Allowed}");

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
        if (node is not SourceList list || list.Items.IsEmpty)
        {
            Reject(node, path, problems);
            return;
        }

        if (list.Items.Length > max)
        {
            problems.Add(node.Position, path, string.Create(
                CultureInfo.InvariantCulture, $"{list.Items.Length} items are too many; allowed: at most {max}"));
        }

        for (var i = 0; i < list.Items.Length; i++)
            item.Check(list.Items[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), problems);
    }

    internal override JsonObject ToSchema() => new()
    {
        ["type"] = "array",
        ["minItems"] = 1,
        ["maxItems"] = max,
        ["items"] = item.ToSchema(),
    };
}
