namespace Sweeps.TorchSharpTests;

/// <summary>The shape and range of one input.</summary>
internal sealed record GradientInput(double From, double To, params long[] Shape)
{
    public double[] Values(int seed) => Numbers.Spread((int)Shape.Aggregate(1L, (a, b) => a * b), From, To, seed);

    public static GradientInput In(double from, double to, params long[] shape) => new(from, to, shape);
}
