using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep.Results;

/// <summary>The best of many networks that learned nothing is still ranked first; this says so.</summary>
internal static class GuessRemark
{
    /// <summary>
    /// Null: the model is better on the test set than always naming its largest class, or always answering each label
    /// with what most samples have of it, by two standard errors or more.
    /// </summary>
    public static string? Of(SweepPlan plan, TestReport test)
    {
        if (test.Labels is { } labels)
            return OfLabels(test.Metric, labels);
        if (test is not { Confusion: { } confusion, Classes: > 1 })
            return null;
        var sizes = confusion.Chunk(test.Classes).Select(row => (double)row.Sum()).ToList();
        var guess = sizes.Max() / sizes.Sum();
        var noise = Math.Sqrt(guess * (1 - guess) / sizes.Sum());
        if (test.Metric > guess + (2 * noise))
            return null;
        var most = sizes.IndexOf(sizes.Max());
        var name = plan.ClassNames() is { } names ? names[most] : $"{most}";
        return $"no clear gain over always answering '{name}': {Text(guess, noise)}";
    }

    private static string? OfLabels(double accuracy, LabelScore[] labels)
    {
        var samples = (double)(labels[0].Positives + labels[0].FalsePositives + labels[0].TrueNegatives);
        var shares = labels.Select(label => label.Positives / samples).ToList();
        var guess = shares.Average(share => Math.Max(share, 1 - share));
        var noise = Math.Sqrt(shares.Sum(share => share * (1 - share)) / samples) / labels.Length;
        return accuracy > guess + (2 * noise) ? null
            : $"no clear gain over always answering what most samples have of each label: {Text(guess, noise)}";
    }

    private static string Text(double guess, double noise) =>
        $"that has a test accuracy of {Figures.Metric(guess)} +- {Figures.Metric(noise)}; try other learning rates, "
        + "more epochs or another network";
}
