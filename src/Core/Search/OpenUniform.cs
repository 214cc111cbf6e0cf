using Sweeps.Core.Randomness;

namespace Sweeps.Core.Search;

/// <summary>Uniform numbers strictly between 0 and 1, so that no quantile or logarithm of them is infinite.</summary>
internal static class OpenUniform
{
    /// <summary>An odd multiple of 2^-53; takes two words.</summary>
    public static double Next(RandomStream stream) => ((stream.NextUInt64() >> 12) + 0.5) * (1.0 / (1L << 52));
}
