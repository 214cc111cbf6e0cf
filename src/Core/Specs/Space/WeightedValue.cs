namespace Sweeps.Core.Specs.Space;

/// <summary>A value and its probability to a random search.</summary>
/// <param name="Value">The value.</param>
/// <param name="Probability">In [0, 1]; those of a domain add up to 1.</param>
public readonly record struct WeightedValue(ParameterValue Value, double Probability);
