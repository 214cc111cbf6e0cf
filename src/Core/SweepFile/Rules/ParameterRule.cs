using System.Globalization;
using System.Text.Json.Nodes;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>
/// What may stand under the name of a parameter: a value, a list of values, a map (a
/// <see cref="ParameterForms">form</see>), or a list of maps of which the first whose <c>when</c> holds applies.
/// </summary>
/// <param name="parameter">The parameter.</param>
/// <param name="when">The rule of a <c>when</c>.</param>
public sealed class ParameterRule(ParameterDescription parameter, Rule when) : Rule
{
    /// <summary>Values in a list, and points of a range.</summary>
    internal const int MaxValues = 10_000;

    private const int MaxBranches = 100;

    private readonly ParameterForms _forms = new(parameter, when);
    private readonly ListRule _values = new(parameter.Rule, MaxValues);

    /// <inheritdoc />
    public override string Allowed => _forms.Allowed;

    /// <summary>The name of <see cref="FormSchema"/> under <c>$defs</c>.</summary>
    internal string FormName => $"{parameter.Name}_form";

    /// <summary>The maps that may describe the values, which the schema refers to twice.</summary>
    internal JsonObject FormSchema() => new() { ["anyOf"] = new JsonArray([.. _forms.ToSchemas()]) };

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
        switch (node)
        {
            case SourceMap map:
                _forms.Check(map, path, problems);
                break;
            case SourceList list when list.Items.Any(i => i is SourceMap):
                CheckBranches(list, path, problems);
                break;
            case SourceList:
                _values.Check(node, path, problems);
                break;
            default:
                parameter.Rule.Check(node, path, problems);
                break;
        }
    }

    internal override JsonObject ToSchema()
    {
        var form = new JsonObject { ["$ref"] = $"#/$defs/{FormName}" };
        var branches = new JsonObject
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["maxItems"] = MaxBranches,
            ["items"] = form.DeepClone(),
        };
        return new() { ["anyOf"] = new JsonArray(parameter.Rule.ToSchema(), _values.ToSchema(), form, branches) };
    }

    private void CheckBranches(SourceList list, string path, ProblemList problems)
    {
        if (list.Items.Length > MaxBranches)
        {
            problems.Add(list.Position, path, string.Create(
                CultureInfo.InvariantCulture,
                $"{list.Items.Length} alternatives are too many; allowed: at most {MaxBranches}"));
        }

        for (var i = 0; i < list.Items.Length; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (list.Items[i] is SourceMap map)
                _forms.Check(map, at, problems);
            else
                problems.Add(list.Items[i].Position, at,
                    $"{list.Items[i].Found} is not allowed among alternatives; allowed: {Allowed}");
        }
    }
}
