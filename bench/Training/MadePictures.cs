using Sweeps.Training.Data;

namespace Sweeps.TrainingBench;

/// <summary>Pictures of noise in the size of CIFAR-10's: what a step costs does not depend on what they show.</summary>
internal static class MadePictures
{
    public const string Name = "noise-32x32x3";
    public const int Samples = 6_000;
    private const int Classes = 10;

    /// <summary>Makes them known; returns the digest by which a training asks for them.</summary>
    public static string Admit(DataSets sets)
    {
        var names = Enumerable.Range(0, Classes).Select(label => $"class {label}").ToList();
        var set = new DataSet(Name, [3, 32, 32], names, Part(Samples, 1), Part(10, 2));
        sets.Admit(new(Name, null, null, new() { Digest = set.Digest }), set);
        return set.Digest;
    }

    private static DataPart Part(int samples, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[samples * 3 * 32 * 32];
        random.NextBytes(bytes);
        return DataPart.OfBytes(bytes, [.. Enumerable.Range(0, samples).Select(i => i % Classes)], 3 * 32 * 32);
    }
}
