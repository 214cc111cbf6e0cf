namespace Sweeps.Core.Specs.Rules;

/// <summary>The distributions of W&amp;B's sweep configuration, under the names and with the meanings of its
/// documentation.</summary>
public static class Distributions
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<DistributionDescription> All { get; } =
    [
        new("constant", DistributionFamily.Constant, "always 'value'"),
        new("categorical", DistributionFamily.Categorical, "one of 'values', equally likely or with 'probabilities'"),
        new("int_uniform", DistributionFamily.Range,
            "whole numbers from min to max, equally likely") { IsInteger = true },
        new("uniform", DistributionFamily.Range, "numbers from min to max, equally likely"),
        new("q_uniform", DistributionFamily.Range, "round(X / q) * q for uniform X") { IsQuantized = true },
        new("log_uniform_values", DistributionFamily.Range,
            "from min to max, the logarithm equally likely") { IsLog = true },
        new("q_log_uniform_values", DistributionFamily.Range, "round(X / q) * q for X as log_uniform_values")
        {
            IsLog = true, IsQuantized = true,
        },
        new("inv_log_uniform_values", DistributionFamily.Range,
            "X with log(1/X) equally likely: the same as log_uniform_values")
        {
            IsLog = true,
        },
        new("log_uniform", DistributionFamily.Exponents,
            "from exp(min) to exp(max), the logarithm equally likely") { IsLog = true },
        new("q_log_uniform", DistributionFamily.Exponents, "round(X / q) * q for X as log_uniform")
        {
            IsLog = true, IsQuantized = true,
        },
        new("inv_log_uniform", DistributionFamily.Exponents,
            "X with log(1/X) equally likely from min to max") { IsLog = true },
        new("normal", DistributionFamily.Normal,
            "normal with mean mu and deviation sigma, within what the parameter allows"),
        new("q_normal", DistributionFamily.Normal, "round(X / q) * q for normal X") { IsQuantized = true },
        new("log_normal", DistributionFamily.Normal,
            "the natural logarithm is normal with mu and sigma") { IsLog = true },
        new("q_log_normal", DistributionFamily.Normal, "round(X / q) * q for log_normal X")
        {
            IsLog = true, IsQuantized = true,
        },
    ];

    /// <summary>The name that older W&amp;B files give to a categorical distribution with probabilities.</summary>
    private const string OlderCategorical = "categorical_w_probabilities";

    /// <summary>The distribution of that name; null when there is none.</summary>
    public static DistributionDescription? Find(string name) => All.FirstOrDefault(d => d.Name == Current(name));

    /// <summary>The names that a file may give to a distribution.</summary>
    internal static IEnumerable<string> NamesOf(DistributionDescription distribution) =>
        distribution.Family == DistributionFamily.Categorical ? [distribution.Name, OlderCategorical]
            : [distribution.Name];

    private static string Current(string name) => name == OlderCategorical ? "categorical" : name;
}
