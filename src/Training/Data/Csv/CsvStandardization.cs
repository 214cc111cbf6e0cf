namespace Sweeps.Training.Data.Csv;

/// <summary>
/// Brings every feature to mean 0 and deviation 1. Both are measured on the training part alone, so that the test part
/// stays unseen; a feature that never changes becomes 0.
/// </summary>
internal static class CsvStandardization
{
    /// <summary>Changes both parts in place; each holds rows of <paramref name="features"/> values.</summary>
    public static void Apply(float[] train, float[] test, int features)
    {
        var rows = train.Length / features;
        for (var feature = 0; feature < features; feature++)
        {
            var sum = 0.0;
            for (var i = feature; i < train.Length; i += features)
                sum += train[i];
            var mean = sum / rows;
            var squares = 0.0;
            for (var i = feature; i < train.Length; i += features)
                squares += (train[i] - mean) * (train[i] - mean);
            var deviation = Math.Sqrt(squares / rows);
            foreach (var part in (float[][])[train, test])
            {
                for (var i = feature; i < part.Length; i += features)
                    part[i] = deviation > 0 ? (float)((part[i] - mean) / deviation) : 0f;
            }
        }
    }
}
