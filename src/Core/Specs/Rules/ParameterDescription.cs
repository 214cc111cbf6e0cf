using Sweeps.Core.Specs.Space;

namespace Sweeps.Core.Specs.Rules;

/// <summary>One of the hyperparameters that a sweep can search.</summary>
/// <param name="Name">Its name in sweep files.</param>
/// <param name="Rule">What a value of it may be.</param>
/// <param name="Doc">What it means.</param>
/// <param name="Default">What holds when a file does not name it.</param>
public sealed record ParameterDescription(string Name, Rule Rule, string Doc, string Default)
{
    /// <summary>Its values are numbers, so that ranges and distributions make sense.</summary>
    public bool IsNumeric => Rule is NumberRule;

    /// <summary>Its values are whole numbers.</summary>
    public bool IsInteger => Rule is NumberRule { IsInteger: true };

    /// <summary>The numbers it allows.</summary>
    public Bounds Bounds => Rule is NumberRule rule
        ? new(rule.Min, rule.Max, rule.ExcludesMin, rule.ExcludesMax)
        : new(double.NegativeInfinity, double.PositiveInfinity, false, false);
}
