namespace Sweeps.Core.SweepFile.Rules;

/// <summary>The distributions of W&amp;B's sweep configuration, under the names and with the meanings of its
/// documentation.</summary>
internal static class Distributions
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

    /// <summary>Which one comes nearest to one of W&amp;B's that is not known here; null: none.</summary>
    public static string? Instead(string name) => name switch
    {
        "beta" => "uniform",
        "q_beta" => "q_uniform",
        _ => null,
    };

    private static string Current(string name) => name == OlderCategorical ? "categorical" : name;
}

/// <summary>One of W&amp;B's distributions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Family">Which keys it takes.</param>
/// <param name="Doc">What it draws.</param>
internal sealed record DistributionDescription(string Name, DistributionFamily Family, string Doc)
{
    /// <summary>Works in the logarithm.</summary>
    public bool IsLog { get; init; }

    /// <summary>Rounds to multiples of <c>q</c>.</summary>
    public bool IsQuantized { get; init; }

    /// <summary>Draws whole numbers; its ends are whole too.</summary>
    public bool IsInteger { get; init; }

    /// <summary>A grid over it can be asked for with <c>points</c>.</summary>
    public bool TakesPoints => Family == DistributionFamily.Range && !IsQuantized;
}

/// <summary>Distributions that are written with the same keys.</summary>
internal enum DistributionFamily
{
    /// <summary><c>value</c>.</summary>
    Constant,

    /// <summary><c>values</c> and perhaps <c>probabilities</c>.</summary>
    Categorical,

    /// <summary><c>min</c> and <c>max</c>.</summary>
    Range,

    /// <summary><c>min</c> and <c>max</c>, both natural logarithms of the values.</summary>
    Exponents,

    /// <summary><c>mu</c> and <c>sigma</c>.</summary>
    Normal,
}
