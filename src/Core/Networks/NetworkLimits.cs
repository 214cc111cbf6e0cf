namespace Sweeps.Core.Networks;

/// <summary>
/// Bounds on what a network may be: far above anything a sweep trains, low enough that arithmetic on sizes cannot
/// overflow and that a typing error is refused before it allocates.
/// </summary>
public static class NetworkLimits
{
    /// <summary>Layers of an architecture.</summary>
    public const int MaxLayers = 500;

    /// <summary>Any one size: units, filters, rows, columns, features.</summary>
    public const int MaxSize = 1_000_000;

    /// <summary>Rows or columns of a kernel or pool, a stride, a padding.</summary>
    public const int MaxWindow = 1_000;

    /// <summary>Weights of a network: 2 GB as floats.</summary>
    public const long MaxWeights = 500_000_000;

    /// <summary>Values that one layer gives for one sample.</summary>
    public const long MaxActivations = 50_000_000;

    /// <summary>Values that all layers together give for one sample: 2 GB as floats.</summary>
    public const long MaxTotalActivations = 500_000_000;

    /// <summary>Characters of the text of an architecture, Keras JSON included.</summary>
    public const int MaxText = 1_000_000;
}
