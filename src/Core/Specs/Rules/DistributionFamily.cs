namespace Sweeps.Core.Specs.Rules;

/// <summary>Distributions that are written with the same keys.</summary>
public enum DistributionFamily
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
