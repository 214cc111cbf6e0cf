using Sweeps.Core.Data;
using Sweeps.Core.Networks;
using Sweeps.Core.Training;

namespace Sweeps.Core.Specs.Previews;

/// <summary>What a preview needs to know of a data set.</summary>
/// <param name="Input">The shape of one sample.</param>
/// <param name="Outputs">Classes, or 1 for a regression.</param>
/// <param name="TrainingSamples">Samples to learn from and to validate on.</param>
/// <param name="Task">What the data ask for.</param>
/// <param name="BytesPerValue">Memory of one value of a sample: 1 for images kept as bytes, 4 for tables.</param>
public sealed record DataSize(TensorShape Input, int Outputs, int TrainingSamples, TaskKind Task, int BytesPerValue = 1)
{
    /// <summary>The size of a named data set.</summary>
    public static DataSize Of(KnownDataSet known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return new(known.Input, known.Outputs, known.TrainingSamples, KnownDataSet.Task);
    }
}
