using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep.Results;

/// <summary>What the refit gave on the test set.</summary>
internal static class TestValues
{
    /// <summary>
    /// The names and values for people: first what was sought, which its estimate is to be compared with, then accuracy
    /// or error, and the loss. What was not worked out is left out.
    /// </summary>
    public static IReadOnlyList<(string Name, double Value)> Of(SweepPlan plan, TestReport test) =>
    [
        .. plan.AllObjectives().Select(metric => (MetricText.Short(metric.Name), metric.ValueOf(test, plan.Task)))
            .Append((plan.Task.Quality(), test.Metric))
            .Append(("loss", test.Loss))
            .Where(pair => !double.IsNaN(pair.Item2))
            .DistinctBy(pair => pair.Item1),
    ];
}

/// <summary>The best of many networks that learned nothing is still ranked first; this says so.</summary>
internal static class GuessRemark
{
    /// <summary>
    /// Null: in what was sought the model is better on the test set than always naming its largest class, or always
    /// answering each label with what most samples have of it, by two standard errors or more; or nothing tells what
    /// that would give. A loss is not judged: it may be low where no other class is named.
    /// </summary>
    public static string? Of(SweepPlan plan, TestReport test)
    {
        var metric = plan.Metric.Name == SweepMetric.ValidationError
            ? SweepMetric.DefaultOf(TaskKind.Classification) : plan.Metric;
        var (level, always) = test switch
        {
            { Labels: { } labels } =>
                (OfLabels(metric.Name, labels), "answering what most samples have of each label"),
            { Confusion: { } confusion, Classes: > 1 } => OfClasses(plan, metric.Name, [.. confusion
                .Chunk(test.Classes).Select(row => (double)row.Sum())]),
            _ => default,
        };
        if (level is not var (guess, noise) || !(metric.ValueOf(test, plan.Task) <= guess + (2 * noise)))
            return null;
        return $"no clear gain over always {always}: that has a test {MetricText.Short(metric.Name)} of "
            + $"{Figures.Metric(guess)} +- {Figures.Metric(noise)}; try other learning rates, more epochs or another "
            + "network";
    }

    private static ((double Guess, double Noise)? Level, string Always) OfClasses(
        SweepPlan plan, string metric, List<double> sizes)
    {
        var most = sizes.IndexOf(sizes.Max());
        var name = plan.ClassNames() is { } names ? names[most] : $"{most}";
        return (LevelOf(metric, [.. sizes.Where(size => size > 0)]), $"answering '{name}'");
    }

    /// <summary>What one answer for all samples gives, and about how much chance adds to that.</summary>
    /// <param name="metric">What was sought.</param>
    /// <param name="sizes">Samples of each class that has any.</param>
    private static (double Guess, double Noise)? LevelOf(string metric, List<double> sizes)
    {
        var (samples, classes) = (sizes.Sum(), sizes.Count);
        var largest = sizes.Max() / samples;
        var each = 1.0 / classes;
        return metric switch
        {
            SweepMetric.ValidationAccuracy => OfShare(largest),
            SweepMetric.ValidationTop3 => OfShare(sizes.OrderDescending().Take(3).Sum() / samples),
            SweepMetric.ValidationTop5 => OfShare(sizes.OrderDescending().Take(5).Sum() / samples),
            SweepMetric.ValidationRocAuc => (0.5, sizes.Average(size => RocAucNoise(size, samples - size))),
            SweepMetric.ValidationRecall or SweepMetric.ValidationBalancedAccuracy => OfClass(1),
            SweepMetric.ValidationPrecision => OfClass(largest),
            SweepMetric.ValidationF1 => OfClass(2 * largest / (1 + largest)),
            _ => null,
        };

        (double, double) OfShare(double share) => (share, Math.Sqrt(share * (1 - share) / samples));

        // The one class that is named has a value, the others have 0. Noise is that of naming classes by lot.
        (double, double) OfClass(double value) =>
            (value * each, Math.Sqrt(sizes.Sum(size => each * (1 - each) / size)) * each);
    }

    private static (double Guess, double Noise)? OfLabels(string metric, LabelScore[] labels)
    {
        var samples = (double)(labels[0].Positives + labels[0].FalsePositives + labels[0].TrueNegatives);
        if (metric == SweepMetric.ValidationRocAuc)
            return (0.5, labels.Where(label => label.Positives > 0 && label.Positives < samples)
                .Select(label => RocAucNoise(label.Positives, samples - label.Positives)).DefaultIfEmpty(0).Average());
        if (metric != SweepMetric.ValidationAccuracy)
            return null;
        var shares = labels.Select(label => label.Positives / samples).ToList();
        return (
            shares.Average(share => Math.Max(share, 1 - share)),
            Math.Sqrt(shares.Sum(share => share * (1 - share)) / samples) / labels.Length);
    }

    /// <summary>Of an order by lot (Mann and Whitney, Annals of Mathematical Statistics 18, 1947).</summary>
    private static double RocAucNoise(double positives, double negatives) =>
        Math.Sqrt((positives + negatives + 1) / (12 * positives * negatives));
}
