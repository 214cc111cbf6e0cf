using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>The keys metric, choose and population.</summary>
public sealed class ObjectiveKeysTests
{
    private const string Search = Reading.Head + "method: random\nrun_cap: 30\n"
        + "parameters: {learning_rate: {min: 0.001, max: 0.1}}\n";

    [Fact]
    public void Read_ListOfObjectives_IsWrittenAndReadAgain()
    {
        var specification = Reading.Valid(
            Search + "metric: [val_loss, {name: macs, goal: minimize}, num_params]\nchoose: knee\n");

        Assert.Equal("validation_loss", specification.Metric);
        Assert.Equal<string>(["multiply_adds", "weights"], specification.FurtherMetrics.ToArray());
        Assert.Equal(FinalChoice.Knee, specification.Choose);
        foreach (var text in new[]
            { SpecificationWriter.ToYaml(specification), SpecificationWriter.ToJson(specification) })
        {
            var again = Reading.Valid(text);
            Assert.Equal(SpecificationWriter.ToJson(specification), SpecificationWriter.ToJson(again));
        }

        Assert.Contains(
            "metric: [validation_loss, multiply_adds, weights]\nchoose: knee\n",
            SpecificationWriter.ToYaml(specification), StringComparison.Ordinal);
    }

    [Fact]
    public void ToJson_OneObjective_IsAsItWasBefore()
    {
        var text = SpecificationWriter.ToJson(Reading.Valid(Search + "metric: [val_acc]\nchoose: best\n"));

        Assert.Equal(SpecificationWriter.ToJson(Reading.Valid(Search + "metric: validation_accuracy\n")), text);
        Assert.DoesNotContain("choose", text, StringComparison.Ordinal);
        Assert.DoesNotContain("population", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metric: weights", "weights alone asks for the smallest network")]
    [InlineData("metric: [weights, validation_loss]", "the first objective is what a training is judged by")]
    [InlineData("metric: [validation_loss, val_loss]", "metric validation_loss is there twice")]
    [InlineData("metric: [validation_accuracy, time]", "a time is never the same twice")]
    [InlineData("metric: train_seconds", "a time is never the same twice")]
    [InlineData("metric: [validation_accuracy, flops]", "a multiply-add is two of them; did you mean 'multiply_adds'?")]
    [InlineData("metric: [validation_accuracy, bytes]", "a weight has 4 bytes; did you mean 'weights'?")]
    [InlineData("metric: [validation_accuracy, {name: weights, goal: maximize}]", "weights is minimized")]
    [InlineData("metric: [validation_accuracy, validation_loss, validation_error, weights, macs]", "at most 4")]
    [InlineData("metric: []", "an empty list is")]
    [InlineData("choose: knee", "a knee is a place of a front, and one objective has none")]
    [InlineData("choose: knee\nmetric: [validation_accuracy, wieghts]", "'wieghts' is not known")]
    [InlineData("metric: eval/precision", "'eval/precision' is not known")]
    [InlineData("scheduler: asha", "write 'schedule: halving'")]
    [InlineData("pruner: median", "write 'schedule: halving'")]
    [InlineData("search_alg: hyperopt", "did you mean 'method'?")]
    [InlineData("refit: yes", "write true")]
    [InlineData("choose: median", "'median' is not known")]
    [InlineData("population: 3", "allowed: a whole number from 4 to 10000")]
    [InlineData("pop_size: 30", "did you mean 'population'?")]
    [InlineData("directions: [maximize, minimize]", "a metric's name says which end is good")]
    public void Read_Mistakes_SayWhatToWrite(string line, string error)
    {
        var errors = Reading.Errors(Search + line + "\n");
        Assert.Contains(error.Replace("metric ", "", StringComparison.Ordinal), Assert.Single(errors));
    }

    [Theory]
    [InlineData("method: bayes", "bayes learns one score, and there are 2 objectives; write 'nsga2' or 'tpe'")]
    [InlineData("method: random\nschedule: race", "a race tests who is behind in one objective")]
    public void Read_SearchesForOneObjective_AreRefusedWithTheWayOut(string lines, string error) => Assert.Contains(
        error, Assert.Single(Reading.Errors(
            Search.Replace("method: random", lines, StringComparison.Ordinal)
                + "metric: [validation_accuracy, weights]\n")));

    [Theory]
    [InlineData("method: nsga2", 20, 20)]
    [InlineData("method: nsga2\npopulation: 12", 12, 12)]
    [InlineData("method: nsga2\npopulation: 12\nwarmup: 15", 12, 15)]
    [InlineData("method: tpe", 20, 10)]
    public void Population_ByDefault_FillsTheSpaceFirst(string lines, int population, int warmup)
    {
        var specification = Reading.Valid(Search.Replace("method: random", lines, StringComparison.Ordinal));

        Assert.Equal((population, warmup), (specification.Population, specification.Warmup));
        Assert.Equal(
            SpecificationWriter.ToJson(specification),
            SpecificationWriter.ToJson(Reading.Valid(SpecificationWriter.ToYaml(specification))));
    }

    [Fact]
    public void Population_OfAnotherMethod_IsNoted() => Assert.Contains(
        "'population' has no effect: random has no parents", Assert.Single(Reading.Notes(Search + "population: 9\n")));

    [Fact]
    public void Plan_SeveralObjectives_KnowsThemAndTheShapeThatTheyNeed()
    {
        var plan = Plan("metric: [validation_accuracy, multiply_adds]\nchoose: one_standard_error\n");

        Assert.Equal(["validation_accuracy", "multiply_adds"], plan.AllObjectives().Select(metric => metric.Name));
        Assert.Equal(
            (FinalChoice.OneStandardError, "28x28x1", 10),
            (plan.Objectives!.Choose, plan.Objectives.Input, plan.Objectives.Outputs));
        Assert.Equal(plan, Plan("metric: [validation_accuracy, multiply_adds]\nchoose: one_standard_error\n"));
        Assert.NotEqual(plan, Plan("metric: [validation_accuracy, multiply_adds]\n"));
        Assert.Null(Plan("metric: [validation_accuracy, weights]\n").Objectives!.Input);
        Assert.Null(Plan("metric: validation_accuracy\n").Objectives);
    }

    [Fact]
    public void Plan_TableWithoutItsShape_RefusesMultiplyAdds()
    {
        var specification = Reading.Valid(Search.Replace("mnist", "./a.csv", StringComparison.Ordinal)
            + "metric: [validation_loss, multiply_adds]\n");

        var error = Assert.Throws<SweepsException>(
            () => SpecificationPlan.Create(specification, "s", TaskKind.Regression));
        Assert.Contains("multiply_adds need the shape of", error.Message, StringComparison.Ordinal);
        var size = new DataSize(TensorShape.Flat(7), 1, 100, TaskKind.Regression);
        Assert.Equal(
            ("7", 1),
            (SpecificationPlan.Create(specification, "s", TaskKind.Regression, null, size).Objectives is { } objectives
                ? (objectives.Input, objectives.Outputs) : default));
    }

    [Fact]
    public void Plan_RegressionWithAccuracyAsTheSecond_IsRefused()
    {
        var specification = Reading.Valid(Search.Replace("mnist", "./a.csv", StringComparison.Ordinal)
            + "metric: [validation_loss, validation_accuracy]\n");

        var error = Assert.Throws<SweepsException>(
            () => SpecificationPlan.Create(specification, "s", TaskKind.Regression));
        Assert.Contains("is of classes, and there is a number to predict", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("method: tpe\nrun_cap: 5001\nmetric: [validation_accuracy, validation_loss, weights]\n", true)]
    [InlineData("method: tpe\nrun_cap: 5000\nmetric: [validation_accuracy, validation_loss, weights]\n", false)]
    [InlineData("method: tpe\nrun_cap: 5001\nmetric: [validation_accuracy, weights]\n", false)]
    [InlineData("method: random\nrun_cap: 5001\nmetric: [validation_accuracy, validation_loss, weights]\n", false)]
    [InlineData(
        "method: random\nrun_cap: 5001\nschedule: median\nmetric: [validation_accuracy, validation_loss, weights]\n",
        true)]
    public void Read_ManyConfigurationsOfThreeObjectives_AreRefusedWhereEachIsPutInOrder(string lines, bool isError)
    {
        var errors = Reading.Errors(
            Reading.Head + lines + "parameters: {learning_rate: {min: 0.001, max: 0.1}}\n");

        Assert.Equal(isError ? 1 : 0, errors.Length);
        Assert.All(errors, error => Assert.StartsWith(
            "sweep.yaml:4:10: run_cap: 5001 configurations of 3 objectives would each", error,
            StringComparison.Ordinal));
    }

    /// <summary>Of classes an error is 1 less the accuracy; of numbers there is no accuracy, and of a file without its
    /// task only the data say which it is.</summary>
    [Theory]
    [InlineData("validation_accuracy, validation_error")]
    [InlineData("validation_error, weights, validation_accuracy")]
    public void Read_AccuracyAndErrorOfClasses_IsTheSameTwice(string metrics)
    {
        const string Same = "of classes validation_error is 1 less validation_accuracy, the same objective twice";
        var table = Search.Replace("mnist", "{path: ./a.csv, task: classification}", StringComparison.Ordinal)
            + $"metric: [{metrics}]\n";
        Assert.Contains(Same, Assert.Single(Reading.Errors(table)), StringComparison.Ordinal);

        var untold = SpecificationReader.Read(Search + $"metric: [{metrics}]\n", "sweep.yaml");
        Assert.NotNull(untold.Specification);
        var size = new DataSize(TensorShape.Image(1, 28, 28), 10, 1_000, TaskKind.Classification);
        var reading = untold.On(size, new(800, [new("a", 500), new("b", 500)]));
        var error = Assert.Single(reading.Errors.Select(reading.Describe));
        Assert.StartsWith("sweep.yaml:6:9: metric: ", error, StringComparison.Ordinal);
        Assert.Contains(Same, error, StringComparison.Ordinal);
    }

    private static SweepPlan Plan(string lines) =>
        SpecificationPlan.Create(Reading.Valid(Search + lines), "s", TaskKind.Classification);
}
