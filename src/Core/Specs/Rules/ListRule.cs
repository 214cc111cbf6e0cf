using System.Globalization;
using System.Text.Json.Nodes;
using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Rules;

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
