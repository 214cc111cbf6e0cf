using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// What is wrong with one layer, without saying which: whoever knows its place adds it and throws an
/// <see cref="ArchitectureException"/>.
/// </summary>
internal sealed class LayerException(string reason) : Exception(reason);

/// <summary>What is wrong with one layer of an architecture, or with the shapes at it.</summary>
internal sealed class ArchitectureException : SweepsException
{
    internal ArchitectureException(int layer, string message, Exception? inner = null)
        : base(ErrorKind.Usage, message, inner) => Layer = layer;

    /// <summary>The layer's place, from 0; the message counts from 1.</summary>
    public int Layer { get; }
}

/// <summary>Checks of the numbers in a layer.</summary>
internal static class Bound
{
    public static void Check(long value, long low, long high, string what)
    {
        if (value < low || value > high)
        {
            throw new LayerException(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {value} is out of range; allowed are whole numbers from {low} to {high}"));
        }
    }

    public static void CheckEpsilon(double value)
    {
        if (!(value > 0 && value <= 1))
        {
            throw new LayerException(string.Create(
                CultureInfo.InvariantCulture,
                $"epsilon: {value} is out of range; allowed are numbers above 0 up to 1"));
        }
    }

    public static void CheckShare(double value, string what)
    {
        if (!(value >= 0 && value < 1))
        {
            throw new LayerException(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {value} is out of range; allowed are numbers from 0 to below 1"));
        }
    }
}
