using Sweeps.Core.Log;
using Sweeps.Core.Schedulers;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Decisions;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Results;

/// <summary>Who drops out of a race, and how often somebody who should not.</summary>
public sealed class RaceRuleTests
{
    private const int Folds = 5;

    /// <summary>The better of two by ten times the noise stays alone; who is level stays, whatever the order.</summary>
    [Fact]
    public void Race_ClearlyBehind_DropsOutAfterTwoFolds_AndSaysWhy()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 8)
            .Select(configuration => Normal(random, configuration < 4 ? 0.9 : 0.6, 0.01)).ToArray();

        var state = Race(values, 0.01, alpha: 0.05);

        Assert.Equal([4, 5, 6, 7], Dropped(state));
        Assert.All(Dropped(state), configuration => Assert.True(state.ScoreOf(configuration)!.Value.Stopped == 3));
        var note = state.NoteOf(new(5, 3))!.Message;
        Assert.Matches(@"^rung 1, 2 trials: 0\.\d+ is behind the best, 0\.9\d*, by more than chance explains "
            + @"\(alpha 0\.05, 8 compared\)$", note);
    }

    /// <summary>The difficulty of a fold is the same for all, and takes nothing off the test.</summary>
    [Fact]
    public void Race_FoldsOfVeryDifferentDifficulty_ComparesWithinThem()
    {
        var random = new Random(2);
        double[] folds = [0, -0.3, 0.1, -0.2, 0.05];
        double[][] values =
        [
            .. Enumerable.Range(0, 6).Select(configuration => Normal(random, configuration == 0 ? 0.9 : 0.8, 0.005)
                .Select((value, fold) => value + folds[fold]).ToArray()),
        ];

        Assert.Equal([1, 2, 3, 4, 5], Dropped(Race(values, 0.005, alpha: 0.05)));
    }

    /// <summary>
    /// Of equal configurations the best one at each comparison is ahead by chance alone. That a given other one drops
    /// out happens in no more than alpha of comparisons; there are three of them.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public void Race_EqualConfigurations_SeldomDropsAGivenOne(int configurations)
    {
        const int races = 300;
        var random = new Random(7);
        var hurt = 0;
        for (var race = 0; race < races; race++)
        {
            var values = Enumerable.Range(0, configurations).Select(_ => Normal(random, 0.8, 0.02)).ToArray();
            hurt += Dropped(Race(values, 0.02, alpha: 0.05)).Contains(0) ? 1 : 0;
        }

        // 3 x 0.05 at most; the binomial error of 300 races is 0.02.
        Assert.InRange(hurt, 0, 0.19 * races);
    }

    /// <summary>With a larger alpha more drop out.</summary>
    [Fact]
    public void Race_LargerAlpha_IsStricter()
    {
        var random = new Random(11);
        var (strict, mild) = (0, 0);
        for (var race = 0; race < 60; race++)
        {
            var values = Enumerable.Range(0, 6).Select(n => Normal(random, 0.8 - (0.012 * n), 0.01)).ToArray();
            strict += Dropped(Race(values, 0.01, alpha: 0.4)).Count;
            mild += Dropped(Race(values, 0.01, alpha: 0.01)).Count;
        }

        Assert.True(strict > mild + 60, $"{strict} and {mild}");
    }

    /// <summary>Diverged on a fold: with a loss its mean is infinite; it drops out, the others are compared.</summary>
    [Fact]
    public void Race_DivergedConfiguration_DropsOut_UnlessAllAre()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 4).Select(_ => Normal(random, 0.8, 0.01)).ToArray();

        Assert.Equal([2], Dropped(Race(values, 0.01, 0.05, diverged: 2)));
        Assert.Empty(Dropped(Race([values[0]], 0.01, 0.05, diverged: 0)));
    }

    /// <summary>
    /// The validation is as large as makes half of the noise its own, as is usual; the rule counts on something like
    /// it.
    /// </summary>
    private static SweepState Race(double[][] values, double noise, double alpha, int diverged = -1)
    {
        var validated = 0.8 * 0.2 / (noise * noise / 1.5);
        var plan = TestPlans.Plan(values.Length, Folds);
        var sweep = new TestSweep(plan with
        {
            Metric = diverged >= 0 ? new(SweepMetric.ValidationLoss, MetricGoal.Minimize) : plan.Metric,
            Schedule = new SchedulePlan { Method = ScheduleMethod.Race, MinFolds = 2, Alpha = alpha }
                .ScheduleOf(values.Length, Folds, epochs: 3),
        });
        sweep.RunToEnd(trial =>
        {
            if (trial.IsRefit)
                return TestPlans.Of(trial);
            var value = values[trial.Configuration][trial.Fold];
            var outcome = trial.Configuration == diverged ? TrainingOutcome.Diverged : TrainingOutcome.Completed;
            return TestPlans.Result(value, outcome) with { Samples = (long)(3 * (Folds - 1) * validated) };
        });
        return sweep.State;
    }

    private static List<int> Dropped(SweepState state) =>
        [.. Enumerable.Range(0, state.Proposed).Where(state.IsDropped)];

    private static double[] Normal(Random random, double mean, double deviation) =>
    [
        .. Enumerable.Range(0, Folds).Select(_ => mean + (deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
            * Math.Cos(2 * Math.PI * random.NextDouble()))),
    ];
}
