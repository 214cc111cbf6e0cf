using System.Text.Json.Nodes;
using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Rules;

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
