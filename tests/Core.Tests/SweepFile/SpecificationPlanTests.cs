using Sweeps.Core.Log;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

public class SpecificationPlanTests
{
    [Fact]
    public void Create_File_FillsThePlan()
    {
        var specification = Reading.Valid("""
            name: lab
            data: {path: a.csv, label: y, task: regression, samples: 90}
            architectures: [linear, mlp-16]
            validation: 0.25
            seed: 7
            patience: 2
            refit: false
            run_cap: 3
            parameters: {learning_rate: [0.1, 0.01]}
            """);

        var plan = SpecificationPlan.Create(specification, "lab-1", TaskKind.Regression, "/data/a.csv");

        Assert.Equal(
            new SweepPlan
            {
                Id = "lab-1",
                Name = "lab",
                Specification = SpecificationWriter.ToJson(specification),
                Seed = 7,
                Data = "/data/a.csv",
                Label = "y",
                Task = TaskKind.Regression,
                SampleLimit = 90,
                Patience = 2,
                Expansion = 1,
                HoldoutFraction = 0.25,
                Metric = new(SweepMetric.ValidationError, MetricGoal.Minimize),
                Configurations = 3,
                Refit = false,
            },
            plan);
    }

    [Fact]
    public void SourceOf_PlanFromALog_ProposesWhatTheFileDid()
    {
        var specification = Reading.Valid(
            Reading.Head + "method: random\nrun_cap: 9\nparameters: {learning_rate: {min: 0.0, max: 1.0}}\n");

        var plan = SpecificationPlan.Create(specification, "s", TaskKind.Classification);
        var source = SpecificationPlan.SearcherOf(plan);

        Assert.Equal(
            Enumerable.Range(0, 9).Select(n => specification.CreateSearcher().Propose(n, [])),
            Enumerable.Range(0, 9).Select(n => source.Propose(n, [])));
    }

    [Fact]
    public void Create_AccuracyOfARegression_IsRefused() => Assert.Contains(
        "has no accuracy",
        Assert.Throws<SweepsException>(() => SpecificationPlan.Create(
            Reading.Valid("data: a.csv\narchitectures: linear\nmetric: accuracy\n"), "s", TaskKind.Regression)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("accuracy", SweepMetric.ValidationAccuracy, MetricGoal.Maximize)]
    [InlineData("{name: val_loss, goal: minimize}", SweepMetric.ValidationLoss, MetricGoal.Minimize)]
    [InlineData("mean_absolute_error", SweepMetric.ValidationError, MetricGoal.Minimize)]
    public void Create_MetricByAnyName_IsTheSweepsOwn(string metric, string name, MetricGoal goal) => Assert.Equal(
        new SweepMetric(name, goal),
        SpecificationPlan.Create(Reading.Valid($"{Reading.Head}metric: {metric}\n"), "s", TaskKind.Classification)
            .Metric);
}
