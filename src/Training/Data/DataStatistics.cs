namespace Sweeps.Training.Data;

/// <summary>What a part of a data set looks like in numbers.</summary>
/// <param name="Mean">Mean over all values of all samples, as <see cref="DataPart.Gather"/> gives them.</param>
/// <param name="Deviation">Standard deviation likewise.</param>
/// <param name="ClassCounts">Samples of each class, by label; empty for regression.</param>
public sealed record DataStatistics(double Mean, double Deviation, IReadOnlyList<int> ClassCounts)
{
    /// <summary>Measures a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="classes">Number of classes of the data set; 0 for regression.</param>
    public static DataStatistics Of(DataPart part, int classes)
    {
        var counts = new int[classes];
        foreach (var label in part.Labels)
            counts[label]++;
        var row = new float[part.Features];
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < part.Count; i++)
        {
            part.GatherRange(i, 1, row);
            foreach (var value in row)
            {
                sum += value;
                squares += (double)value * value;
            }
        }

        var number = Math.Max(1.0, (double)part.Count * part.Features);
        var mean = sum / number;
        return new(mean, Math.Sqrt(Math.Max(0, (squares / number) - (mean * mean))), counts);
    }
}
