namespace Sweeps.Core.SweepFile.Rules;

/// <summary>The keys of the maps that describe a parameter's values.</summary>
internal static class ParameterKeys
{
    private static readonly NumberRule Exponent = new() { Min = -700, Max = 700 };

    /// <summary>Probabilities of <c>values</c>.</summary>
    public static Rule Probabilities { get; } = new ListRule(
        new NumberRule { Min = 0, Max = 1 }, ParameterRule.MaxValues);

    /// <summary>The step of a quantised distribution.</summary>
    public static KeyDescription Step { get; } =
        new("q", new NumberRule { Min = 0, ExcludesMin = true, Max = 1e9 },
            "The step: values are multiples of it.")
        { Default = "1" };

    /// <summary>Ends of a range given as natural logarithms.</summary>
    public static IReadOnlyList<KeyDescription> Exponents { get; } =
    [
        new("min", Exponent, "Natural logarithm of the lower end.") { IsRequired = true },
        new("max", Exponent, "Natural logarithm of the upper end.") { IsRequired = true },
    ];

    /// <summary>Mean and deviation.</summary>
    public static IReadOnlyList<KeyDescription> Normal { get; } =
    [
        new("mu", new NumberRule { Min = -1e9, Max = 1e9 },
            "Mean of the value, or of its natural logarithm.") { Default = "0" },
        new("sigma", new NumberRule { Min = 0, ExcludesMin = true, Max = 1e9 },
            "Standard deviation.") { Default = "1" },
    ];

    /// <summary>Keys that W&amp;B or habit suggests.</summary>
    public static IReadOnlyDictionary<string, string> Instead { get; } = new Dictionary<string, string>
    {
        ["parameters"] = "nested parameters are not supported: write each parameter at the top, with 'when' where it "
            + "depends on another",
        ["condition"] = "write 'when', for example when: {optimizer: sgd}",
        ["if"] = "write 'when', for example when: {optimizer: sgd}",
        ["step"] = "write 'q' with a q_ distribution, or 'points'",
        ["num"] = "write 'points'",
        ["steps"] = "write 'points'",
        ["log"] = "write 'scale: log'",
    };

    /// <summary>Ends of a range, and its points where the distribution takes them.</summary>
    public static IEnumerable<KeyDescription> Range(
        ParameterDescription parameter, DistributionDescription? distribution)
    {
        var rule = (NumberRule?)(parameter.Rule as NumberRule) ?? new NumberRule();
        var above = distribution?.IsLog == true && rule.Min <= 0;
        var end = new NumberRule
        {
            IsInteger = rule.IsInteger || distribution?.IsInteger == true,
            Min = above ? 0 : rule.Min,
            ExcludesMin = above || rule.ExcludesMin,
            Max = rule.Max,
            ExcludesMax = rule.ExcludesMax,
        };
        yield return new("min", end, "Lower end.") { IsRequired = true };
        yield return new("max", end, "Upper end.") { IsRequired = true };
        if (distribution?.TakesPoints == false)
            yield break;
        yield return new(
            "points",
            new NumberRule { IsInteger = true, Min = 2, Max = ParameterRule.MaxValues },
            "Takes this many values, equally spaced from min to max.");
        if (distribution is null)
        {
            yield return new(
                "scale",
                new ChoiceRule(
                    new Choice("linear", "equal differences"), new Choice("log", "equal ratios", "logarithmic")),
                "How the points, or the draws of a random search, are spaced.")
            { Default = "\"linear\"" };
        }
    }

    /// <summary>The key that names the distribution.</summary>
    public static KeyDescription Distribution(DistributionDescription distribution)
    {
        var impliedByKeys = distribution.Family is DistributionFamily.Constant or DistributionFamily.Categorical;
        var names = Distributions.NamesOf(distribution).ToArray();
        return new("distribution", new ChoiceRule(
            new Choice(names[0], distribution.Doc, names[1..])), "The distribution, by W&B's name.")
        {
            IsRequired = !impliedByKeys,
        };
    }
}
