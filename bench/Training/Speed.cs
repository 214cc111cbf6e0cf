namespace Sweeps.TrainingBench;

/// <summary>Images a second by the clock and by the CPU time used; the second is not disturbed by neighbours.</summary>
internal readonly record struct Speed(double Wall, double Cpu)
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2]
            : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
