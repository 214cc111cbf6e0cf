using Sweeps.Core.Networks;
using Sweeps.Core.Schedulers;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>What a sweep file says under <c>schedule</c>.</summary>
public sealed class ScheduleTests
{
    private const string Space = "parameters: {learning_rate: [0.1, 0.01, 0.001], batch_size: [10, 20, 40]}\n";

    [Fact]
    public void Read_Forms_AreOnePlan()
    {
        Assert.Null(Read("").Schedule);
        Assert.Null(Read("schedule: none").Schedule);
        Assert.Equal(new SchedulePlan(), Read("schedule: halving").Schedule);
        Assert.Equal(new SchedulePlan(), Read("schedule: successive_halving").Schedule);
        Assert.Equal(
            new SchedulePlan
            {
                Method = ScheduleMethod.Hyperband,
                Over = ScheduleBudget.Epochs,
                Eta = 2,
                MinEpochs = 2,
            },
            Read("schedule: {method: hyperband, over: epochs, eta: 2, min_epochs: 2}").Schedule);
        Assert.Equal(
            new SchedulePlan { Method = ScheduleMethod.Race, Over = ScheduleBudget.Folds, MinFolds = 2 },
            Read("schedule: race").Schedule);
        Assert.Equal(
            new SchedulePlan
            {
                Method = ScheduleMethod.Race,
                Over = ScheduleBudget.Folds,
                MinFolds = 3,
                Alpha = 0.1,
            },
            Read("schedule: {method: race, min_folds: 3, alpha: 0.1}").Schedule);
        Assert.Equal(
            new SchedulePlan { Order = RungOrder.Index }, Read("schedule: {method: halving, order: index}").Schedule);
        var median = new SchedulePlan
        {
            Method = ScheduleMethod.Median,
            Order = RungOrder.Index,
            Over = ScheduleBudget.Epochs,
        };
        Assert.Equal(median, Read("schedule: median").Schedule);
        Assert.Equal(
            median with { Interval = 2, Warmup = 3, MinEpochs = 4, Over = ScheduleBudget.Both, MinFolds = 2 },
            Read("schedule: {method: median, over: both, interval: 2, warmup: 3, min_epochs: 4, min_folds: 2}")
                .Schedule);
    }

    [Theory]
    [InlineData("halving")]
    [InlineData("hyperband")]
    [InlineData("{method: race, min_folds: 3, alpha: 0.1}")]
    [InlineData("{method: race, order: index}")]
    [InlineData("{method: halving, order: index, over: folds}")]
    [InlineData("median")]
    [InlineData("{method: median, over: both, interval: 2, warmup: 1, min_epochs: 3, min_folds: 2}")]
    public void Write_Schedule_IsReadAgain(string schedule)
    {
        var specification = Read($"schedule: {schedule}");

        var plan = SpecificationPlan.Create(specification, "s", TaskKind.Classification);

        Assert.Equal(specification.Schedule, plan.ReadSpecification().Schedule);
    }

    /// <summary>The file's epochs count wherever no branch holds for certain, and only there.</summary>
    [Theory]
    [InlineData("epochs: 27", "[{value: 3, when: {architecture: linear}}]", 27)]
    [InlineData("", "[{value: 3, when: {architecture: linear}}, {value: 9, when: {architecture: mlp-16}}]", 9)]
    [InlineData("", "[{value: 3, when: {architecture: linear}}, {value: 81}]", 81)]
    [InlineData("", "[3, 9]", 9)]
    public void Create_ConditionalEpochs_SchedulesTheLongestConfiguration(string key, string epochs, int most)
    {
        var specification = Reading.Valid(
            "data: digits\narchitectures: [linear, mlp-16]\nfolds: 2\n"
            + $"{key}\nparameters: {{learning_rate: [0.1, 0.01, 0.001], epochs: {epochs}}}\n"
            + "schedule: {method: halving, over: epochs}\n");
        var plan = SpecificationPlan.Create(specification, "s", TaskKind.Classification);
        Assert.Equal(specification.Schedule!.ScheduleOf(plan.Configurations, 2, most, 2), plan.Schedule);
        Assert.All(
            ((int[])[3, 9, 27, 81]).Where(other => other != most),
            other => Assert.NotEqual(
                specification.Schedule.ScheduleOf(plan.Configurations, 2, other, 2), plan.Schedule));
    }

    [Fact]
    public void Create_Plan_HasTheSchedule()
    {
        var specification = Read("schedule: halving");
        var plan = SpecificationPlan.Create(specification, "s", TaskKind.Classification);

        Assert.Equal(new SchedulePlan().ScheduleOf(18, 5, 10), plan.Schedule);
        Assert.Equal(specification.Schedule, plan.ReadSpecification().Schedule);
        Assert.Equal(plan, SpecificationPlan.Create(Read("schedule: halving"), "s", TaskKind.Classification));
    }

    [Theory]
    [InlineData("schedule: fast", "'fast' is not known")]
    [InlineData("schedule: pbt", "write 'halving', 'hyperband', 'median' or 'race'")]
    [InlineData("schedule: bohb", "write 'method: tpe' beside 'schedule: hyperband'")]
    [InlineData("schedule: {method: bohb}", "write 'method: tpe' beside 'schedule: hyperband'")]
    [InlineData("schedule: {method: halving, order: arrival}", "order")]
    [InlineData("schedule: {method: median, n_startup_trials: 4}", "write 'warmup'")]
    [InlineData("schedule: {method: race, alpha: 0.6}", "0.5")]
    [InlineData("schedule: race\nvalidation: 0.2", "write 'folds: 5'")]
    [InlineData("schedule: {method: race, alpha: 0}", "0.5")]
    [InlineData("schedule: {eta: 3}", "'schedule' needs the key 'method'")]
    [InlineData("schedule: {method: halving, eta: 1}", "2 to 100")]
    [InlineData("schedule: {method: halving, grace_period: 1}", "write 'min_epochs'")]
    public void Read_Mistakes_SayWhatToWrite(string line, string error) =>
        Assert.Contains(error, Assert.Single(Reading.Errors(Reading.Head + Space + line + "\n")));

    [Theory]
    [InlineData("{method: halving, over: folds, min_epochs: 2}", "'min_epochs' has no effect here")]
    [InlineData("{method: halving, over: epochs, min_folds: 2}", "'min_folds' has no effect here")]
    [InlineData("{method: halving, over: epochs, min_epochs: 9}", "all of 10 epochs in all of 5 trials")]
    [InlineData("{method: halving, eta: 10}\nmethod: random\nrun_cap: 5", "one in 10 goes on, and there are 5")]
    [InlineData("{method: halving, min_epochs: 20}", "min_epochs: with 20 and eta 3 the smallest budget has all")]
    [InlineData("{method: hyperband, min_folds: 2}", "min_folds: with 2 and eta 3 the smallest budget has all")]
    [InlineData("{method: race, eta: 3}", "'eta' has no effect here: a race goes over folds")]
    [InlineData("{method: race, min_folds: 1}", "after 1 fold only the size of its validation sample tells")]
    [InlineData("{method: halving, alpha: 0.1}", "'alpha' has no effect here")]
    [InlineData("{method: halving, warmup: 3}", "'warmup' has no effect here: it belongs to 'median'")]
    [InlineData("{method: halving, interval: 3}", "'interval' has no effect here: it belongs to 'median'")]
    [InlineData("{method: median, eta: 4}", "'eta' has no effect here")]
    [InlineData("{method: median, order: index}", "'order' has no effect here: the median is always")]
    [InlineData("{method: hyperband, order: index}", "'order' has no effect here: hyperband compares within")]
    [InlineData("{method: median, min_epochs: 10}", "the first comparison comes when all of 10 epochs in all of 5")]
    [InlineData("{method: median, warmup: 20}", "the first 20 at a comparison pass, and there are 18")]
    [InlineData("{method: median, interval: 50}", "with 50 no comparison follows the first within 10 epochs")]
    [InlineData(
        "{method: median, over: both, min_epochs: 20}", "with 20 all of 10 epochs are trained before the first")]
    [InlineData("{method: race, min_folds: 5}", "the first comparison comes after 5 trials, and there are 5")]
    [InlineData("hyperband\nmethod: random\nrun_cap: 1", "nothing is stopped early: there is 1 configuration")]
    public void Read_WhatHasNoEffect_IsNoted(string schedule, string note) =>
        Assert.Contains(note, Assert.Single(Reading.Notes(Reading.Head + Space + $"schedule: {schedule}\n")));

    /// <summary>27 for one epoch, 9 for two more, 3 for six more, then one on the other two folds.</summary>
    [Fact]
    public void Preview_CountsWhatWillBeTrained()
    {
        var specification = Reading.Valid(
            Reading.Head + "folds: 3\nepochs: 9\nmethod: random\nrun_cap: 27\nschedule: halving\n"
                + "parameters: {learning_rate: {min: 0.0, max: 1.0}}\n");

        var preview = SweepPreview.Create(
            specification, new DataSize(TensorShape.Image(1, 28, 28), 10, 300, TaskKind.Classification));

        Assert.Equal(27 + (9 * 2) + (3 * 6) + (2 * 9), preview.Epochs);
        Assert.Equal(27 * 3 * 9, preview.EpochsInFull);
        // The one that passes the last rung has two folds to go: more slots have nothing to do meanwhile.
        Assert.Equal(2, preview.LastTrials);
    }

    private static SweepSpecification Read(string line) => Reading.Valid(Reading.Head + Space + line + "\n");
}
