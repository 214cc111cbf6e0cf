using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests;

/// <summary>Small data and networks that tests share.</summary>
internal static class Small
{
    public static StreamKey Streams { get; } = new(7, Purpose.Order, 11, 0);

    /// <summary>Samples with uniform values and labels that go round.</summary>
    public static DataPart Classes(int samples, int features, int classes, int seed = 1)
    {
        var labels = Enumerable.Range(0, samples).Select(i => i % classes).ToArray();
        return DataPart.OfValues(Uniform(samples * features, seed), labels, features);
    }

    /// <summary>Samples with uniform values and uniform targets.</summary>
    public static DataPart Numbers(int samples, int features, int seed = 1) =>
        DataPart.OfValues(Uniform(samples * features, seed), Uniform(samples, seed + 1), features);

    /// <summary>A network on images of one shape.</summary>
    public static NetworkShape Plan(string architecture, TensorShape input, int outputs,
        LossKind loss = LossKind.CrossEntropy) =>
        NetworkShape.Create(Architecture.Parse(architecture).WithoutOutputActivation(loss), input, outputs);

    public static float[] Uniform(int count, int seed)
    {
        var values = new float[count];
        new RandomStream(new(seed, Purpose.Data)).FillUniform(values, -1, 1);
        return values;
    }
}
