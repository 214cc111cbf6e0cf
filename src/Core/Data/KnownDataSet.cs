using Sweeps.Core.Networks;
using Sweeps.Core.Training;

namespace Sweeps.Core.Data;

/// <summary>What is known of a named data set without opening it.</summary>
/// <param name="Name">The name on the command line and in sweep files.</param>
/// <param name="Input">The shape of one sample.</param>
/// <param name="Outputs">Classes.</param>
/// <param name="TrainingSamples">Samples to learn from and to validate on.</param>
/// <param name="TestSamples">Samples of the test set.</param>
public sealed record KnownDataSet(string Name, TensorShape Input, int Outputs, int TrainingSamples, int TestSamples)
{
    /// <summary>All named data sets have classes.</summary>
    public static TaskKind Task => TaskKind.Classification;
}
