using Sweeps.Core.Randomness;

namespace Sweeps.Core.Space;

/// <summary>
/// The part of a space in which the values that conditions ask for are fixed: what is left combines freely, so that its
/// points are the numbers of a mixed radix.
/// </summary>
internal sealed class SpaceBlock
{
    /// <summary>Larger blocks count as having no end: no sweep comes near it.</summary>
    private const double LargestSize = 1L << 62;

    public SpaceBlock(
        IReadOnlyList<KeyValuePair<string, ParameterValue>> chosen, IReadOnlyList<FreeParameter> free, double weight)
    {
        (Chosen, Free, Weight) = (chosen, free, weight);
        var size = free.Aggregate(1.0, (product, p) => product * (p.Count ?? double.PositiveInfinity));
        Size = size <= LargestSize ? free.Aggregate(1L, (product, p) => product * p.Count!.Value) : null;
    }

    /// <summary>The fixed values.</summary>
    public IReadOnlyList<KeyValuePair<string, ParameterValue>> Chosen { get; }

    /// <summary>The other parameters; the first varies fastest.</summary>
    public IReadOnlyList<FreeParameter> Free { get; }

    /// <summary>The probability that a random draw falls into the block.</summary>
    public double Weight { get; }

    /// <summary>Number of points; null: no end.</summary>
    public long? Size { get; }

    /// <summary>The point of that number.</summary>
    /// <param name="index">From 0, less than <see cref="Size"/>.</param>
    public ParameterAssignment PointAt(long index)
    {
        var values = new List<KeyValuePair<string, ParameterValue>>(Chosen);
        foreach (var parameter in Free)
        {
            (index, var digit) = Math.DivRem(index, parameter.Count!.Value);
            values.Add(new(parameter.Name, parameter.ValueAt(digit)));
        }

        return new(values);
    }

    /// <summary>A point drawn from the parameters' distributions; takes two words of <paramref name="stream"/> a
    /// parameter.</summary>
    public ParameterAssignment Draw(RandomStream stream) => new(
        [.. Chosen, .. Free.Select(p => KeyValuePair.Create(p.Name, p.Domain.At(stream.NextOpenDouble())))]);
}
