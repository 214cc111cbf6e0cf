using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Networks;

/// <summary>
/// How weights start; each tensor from a stream of its own, in canonical order, so that layouts do not matter.
/// </summary>
internal static class InitialWeights
{
    /// <summary>Fills the network's weights.</summary>
    /// <param name="network">Whose weights.</param>
    /// <param name="kind">The initialiser of weights; biases and beta start at 0, gamma at 1.</param>
    /// <param name="streams">The key of the training's random streams.</param>
    public static void Fill(Network network, InitializerKind kind, StreamKey streams)
    {
        for (var index = 0; index < network.ParameterPlaces.Count; index++)
        {
            var place = network.ParameterPlaces[index];
            var values = new float[place.Shape.Size];
            switch (place.Shape.Role)
            {
                case ParameterRole.Weight:
                    Draw(values, place.Shape, kind, new(streams with { Purpose = Purpose.Weights, Index = index }));
                    break;
                case ParameterRole.Gamma:
                    Array.Fill(values, 1f);
                    break;
            }

            place.CopyTo(values, network.Weights.Span);
        }
    }

    private static void Draw(Span<float> values, ParameterShape shape, InitializerKind kind, RandomStream stream)
    {
        var (fanIn, fanSum) = ((double)shape.FanIn, (double)shape.FanIn + shape.FanOut);
        switch (kind)
        {
            case InitializerKind.XavierUniform:
                FillUniform(values, Math.Sqrt(6 / fanSum), stream);
                break;
            case InitializerKind.XavierNormal:
                FillNormal(values, Math.Sqrt(2 / fanSum), stream);
                break;
            case InitializerKind.HeUniform:
                FillUniform(values, Math.Sqrt(6 / fanIn), stream);
                break;
            case InitializerKind.HeNormal:
                FillNormal(values, Math.Sqrt(2 / fanIn), stream);
                break;
            case InitializerKind.Zeros:
                values.Clear();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown initialiser.");
        }
    }

    private static void FillUniform(Span<float> values, double limit, RandomStream stream) =>
        stream.FillUniform(values, (float)-limit, (float)limit);

    private static void FillNormal(Span<float> values, double deviation, RandomStream stream)
    {
        stream.FillNormal(values);
        foreach (ref var value in values)
            value *= (float)deviation;
    }
}
