using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Rules;

/// <summary>A map whose keys are names that the user gives, and whose values all follow one rule.</summary>
/// <param name="noun">What the names are of: <c>an architecture</c>.</param>
/// <param name="value">The values' rule.</param>
/// <param name="max">Most names.</param>
public sealed partial class NamedMapRule(string noun, Rule value, int max) : Rule
{
    private const string NamePattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

    /// <inheritdoc />
    public override string Allowed =>
        string.Create(CultureInfo.InvariantCulture, $"a map of 1 to {max} names, each with {value.Allowed}");

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
        if (node is not SourceMap map || map.Entries.IsEmpty)
        {
            Reject(node, path, problems);
            return;
        }

        if (map.Entries.Length > max)
        {
            problems.Add(node.Position, path, string.Create(
                CultureInfo.InvariantCulture, $"{map.Entries.Length} names are too many; allowed: at most {max}"));
        }

        foreach (var entry in map.Entries)
        {
            if (!Name().IsMatch(entry.Key))
            {
                problems.Add(
                    entry.KeyPosition, path, $"'{Shown.Text(entry.Key)}' cannot name {noun}; allowed: 1 to 64 "
                        + $"letters, digits, '.', '_', '-'");
            }
            else
            {
                value.Check(entry.Value, Join(path, entry.Key), problems);
            }
        }
    }

    internal override JsonObject ToSchema() => new()
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["maxProperties"] = max,
        ["propertyNames"] = new JsonObject { ["pattern"] = NamePattern },
        ["additionalProperties"] = value.ToSchema(),
    };

    [GeneratedRegex(NamePattern)]
    private static partial Regex Name();
}
