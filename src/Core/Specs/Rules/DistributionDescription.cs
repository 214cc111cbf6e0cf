namespace Sweeps.Core.Specs.Rules;

/// <summary>One of W&amp;B's distributions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Family">Which keys it takes.</param>
/// <param name="Doc">What it draws.</param>
public sealed record DistributionDescription(string Name, DistributionFamily Family, string Doc)
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
