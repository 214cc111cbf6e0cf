using Sweeps.Core.Specs.Rules;
using Sweeps.Core.Specs.Source;
using Sweeps.Core.Specs.Space;

namespace Sweeps.Core.Specs.Reading;

/// <summary>Takes values out of a map that its rule accepted; a key that is missing or wrong gives null.</summary>
internal static class Scalars
{
    /// <summary>The value of a key, if its rule accepts it.</summary>
    public static SourceNode? Accepted(this MapRule rule, SourceMap map, string key) =>
        map.ValueOf(key) is { } node && rule.Keys.First(k => k.Name == key).Rule.Accepts(node) ? node : null;

    /// <summary>A text.</summary>
    public static string? Text(this MapRule rule, SourceMap map, string key) =>
        (rule.Accepted(map, key) as SourceScalar)?.Text.Trim();

    /// <summary>A number.</summary>
    public static double? Number(this MapRule rule, SourceMap map, string key) =>
        rule.Accepted(map, key) is SourceScalar scalar && scalar.TryGetNumber(out var number) ? number : null;

    /// <summary>A whole number.</summary>
    public static int? Integer(this MapRule rule, SourceMap map, string key) => (int?)rule.Number(map, key);

    /// <summary>True or false.</summary>
    public static bool? Flag(this MapRule rule, SourceMap map, string key) =>
        rule.Accepted(map, key) is SourceScalar scalar && scalar.TryGetFlag(out var flag) ? flag : null;

    /// <summary>A number known to be one.</summary>
    public static double NumberOf(SourceNode node) =>
        node is SourceScalar scalar && scalar.TryGetNumber(out var number) ? number : double.NaN;

    /// <summary>A value that the parameter's rule accepted, under its canonical name.</summary>
    public static ParameterValue ValueOf(ParameterDescription parameter, SourceNode node)
    {
        var scalar = (SourceScalar)node;
        return parameter.Rule switch
        {
            NumberRule => ParameterValue.Of(NumberOf(scalar)),
            FlagRule => ParameterValue.Of(scalar.TryGetFlag(out var flag) && flag),
            ChoiceRule choices => ParameterValue.Of(choices.Canonical(scalar.Text)!),
            _ => ParameterValue.Of(scalar.Text.Trim()),
        };
    }
}
