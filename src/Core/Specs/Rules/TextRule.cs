using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Rules;

/// <summary>A text of at least one character.</summary>
public sealed class TextRule : Rule
{
    /// <summary>What the text is, as the end of a sentence: <c>a column's name</c>.</summary>
    public required string Noun { get; init; }

    /// <summary>Most characters.</summary>
    public int MaxLength { get; init; } = 200;

    /// <summary>A number without quotes is meant as well: a column's index.</summary>
    public bool OrInteger { get; init; }

    /// <inheritdoc />
    public override string Allowed => Noun;

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
        if (node is not SourceScalar scalar || scalar.IsNull || string.IsNullOrWhiteSpace(scalar.Text))
        {
            Reject(node, path, problems);
        }
        else if (!IsReadable(scalar.Text))
        {
            problems.Add(node.Position, path, $"{scalar.Found} holds control characters or broken ones; remove them");
        }
        else if (scalar.Text.Length > MaxLength)
        {
            problems.Add(node.Position, path, string.Create(
                CultureInfo.InvariantCulture,
                $"{scalar.Text.Length} characters are too many; allowed: {Noun} of at most {MaxLength}"));
        }
    }

    internal override JsonObject ToSchema() => new()
    {
        ["type"] = OrInteger ? new JsonArray("string", "integer") : "string",
        ["maxLength"] = MaxLength,
        ["pattern"] = "\\S",
    };

    private static bool IsReadable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t')))
                return false;
        }

        return true;
    }
}
