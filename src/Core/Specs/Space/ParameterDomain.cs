namespace Sweeps.Core.Specs.Space;

/// <summary>The values that a parameter can take, and how likely each is to a random search.</summary>
public abstract record ParameterDomain
{
    /// <summary>The name of the W&amp;B distribution that says the same.</summary>
    public abstract string Distribution { get; }

    /// <summary>
    /// All values and their probabilities, if there are at most <paramref name="limit"/> of them; otherwise null: there
    /// is no end to them, or too many to list.
    /// </summary>
    public abstract IReadOnlyList<WeightedValue>? Enumerate(int limit);

    /// <summary>The value at quantile <paramref name="u"/> in (0, 1): uniform u give the distribution.</summary>
    public abstract ParameterValue At(double u);
}
