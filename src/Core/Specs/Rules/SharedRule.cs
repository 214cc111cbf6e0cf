using System.Text.Json.Nodes;
using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Rules;

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
