using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep.Results;

/// <summary>The best of many networks that learned nothing is still ranked first; this says so.</summary>
internal static class GuessRemark
{
    /// <summary>
    /// Null: the model is better on the test set than always naming its largest class, by two standard errors or more.
    /// </summary>
    public static string? Of(SweepPlan plan, TestReport test)
    {
        if (test is not { Confusion: { } confusion, Classes: > 1 })
            return null;
        var sizes = confusion.Chunk(test.Classes).Select(row => (double)row.Sum()).ToList();
        var guess = sizes.Max() / sizes.Sum();
        var noise = Math.Sqrt(guess * (1 - guess) / sizes.Sum());
        if (test.Metric > guess + (2 * noise))
            return null;
        var most = sizes.IndexOf(sizes.Max());
        var name = plan.ClassNames() is { } names ? names[most] : $"{most}";
        return $"no clear gain over always answering '{name}': that has a test accuracy of {Figures.Metric(guess)} +- "
            + $"{Figures.Metric(noise)}; try other learning rates, more epochs or another network";
    }
}
