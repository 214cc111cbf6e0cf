using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>Weights of classes as one text: <c>none</c>, <c>balanced</c> or <c>no=1, yes=5</c>.</summary>
internal sealed class ClassWeightsRule : Rule<string>
{
    private const int MaxLength = 10_000;

    public override string Allowed => "none, balanced, or weights by class from 0 to 1000000, as in 'no=1, yes=5'";

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out string value)
    {
        value = node is SourceScalar { IsNull: false, Text.Length: <= MaxLength } scalar
            ? TextOf(scalar.Text.Trim()) : null;
        if (value is null)
            return Reject(node, path, context, out value);
        if (ClassWeights.Read(value) is { } weights && Twice(weights) is { } twice)
        {
            // An editor's schema cannot see it.
            context.Error(node, path, $"'{Quote.Short(twice)}' is there twice; keep one");
            return false;
        }

        return true;
    }

    private static string? Twice(IReadOnlyList<KeyValuePair<string, double>> weights) =>
        weights.GroupBy(pair => pair.Key, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;

    /// <summary>Names with blanks are right too; an editor asks for plainer ones.</summary>
    public override JsonObject ToSchema(SchemaDefinitions definitions)
    {
        const string Weight = @"[^,=\s\u0000-\u001f]+=[0-9]{1,6}(\.[0-9]{1,12})?";
        return new()
        {
            ["type"] = "string",
            ["pattern"] = $"^(none|balanced|{Weight}(, ?{Weight})*)$",
            ["maxLength"] = MaxLength,
        };
    }

    private static string? TextOf(string text)
    {
        foreach (var word in (string[])[ClassWeights.None, ClassWeights.Balanced])
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
                return word;
        }

        return ClassWeights.Read(text) is { } weights ? ClassWeights.Write(weights) : null;
    }
}

/// <summary>Weights of classes as a map of names to numbers.</summary>
internal sealed partial class ClassWeightMapRule : Rule<string>
{
    private const int Max = 1_000;

    /// <summary>Its end is written so that a line feed after the name is seen by every reader of patterns.</summary>
    private const string NamePattern = @"^[^,\s]([^,]*[^,\s])?(?![\s\S])";

    private static readonly NumberRule s_weight = new() { Min = 0, Max = ClassWeights.Most };

    public override string Allowed => $"a map of classes to weights, each {s_weight.Allowed}";

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out string value)
    {
        value = null;
        if (node is not SourceMap { Entries: { Length: > 0 and <= Max } entries })
            return Reject(node, path, context, out value);
        var isRight = true;
        var weights = ImmutableArray.CreateBuilder<KeyValuePair<string, double>>();
        foreach (var entry in entries)
        {
            if (!Name().IsMatch(entry.Key))
            {
                isRight = Refuse(
                    node, path, $"'{Quote.Short(entry.Key)}' cannot name a class here; allowed: names without a comma, "
                        + "and without blanks around them",
                    context, out value);
            }
            else if (s_weight.Read(entry.Value, Join(path, entry.Key), context, out var weight))
            {
                weights.Add(new(entry.Key, weight));
            }
            else
            {
                isRight = false;
            }
        }

        value = isRight ? ClassWeights.Write(weights) : null;
        return isRight;
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) => new()
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["maxProperties"] = Max,
        ["propertyNames"] = new JsonObject { ["pattern"] = NamePattern },
        ["additionalProperties"] = s_weight.ToSchema(definitions),
    };

    [GeneratedRegex(NamePattern)]
    private static partial Regex Name();
}
