using Sweeps.Core.Sweeps;
using Sweeps.Core.Tests.Sweeps;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Analysis;

/// <summary>A finished sweep with results given by hand.</summary>
internal static class ScoredSweep
{
    /// <summary>One row a configuration: accuracies of its folds, its weights and its seconds.</summary>
    public static SweepState Of(params (double[] Accuracies, long Weights, double Seconds)[] rows) =>
        Of(TestPlans.Plan(rows.Length, rows[0].Accuracies is [_] ? 0 : rows[0].Accuracies.Length, refit: false), rows);

    public static SweepState Of(SweepPlan plan, params (double[] Accuracies, long Weights, double Seconds)[] rows)
    {
        var sweep = new TestSweep(plan);
        sweep.RunToEnd(trial =>
        {
            if (trial.IsRefit)
                return TestPlans.Result(0.8) with { Test = new TestReport(0.4, 0.8, [4, 1, 2, 3], 2) };
            var (accuracies, weights, seconds) = rows[trial.Configuration];
            var accuracy = accuracies[trial.Fold];
            var outcome = double.IsNaN(accuracy) ? TrainingOutcome.Diverged : TrainingOutcome.Completed;
            return TestPlans.Result(accuracy, outcome, seconds, weights);
        });
        return sweep.State;
    }
}
