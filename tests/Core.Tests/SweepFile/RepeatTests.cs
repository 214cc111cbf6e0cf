using Sweeps.Core.Log;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>Repeated cross-validation and several seeds in a sweep file and its plan.</summary>
public sealed class RepeatTests
{
    [Fact]
    public void Create_RepeatsAndSeeds_GivesEachTrialItsSplitAndItsStreams()
    {
        var plan = PlanOf("folds: {k: 3, repeats: 2}\nseeds: 2\n");
        var requests = Enumerable.Range(0, plan.TrialsPerConfiguration)
            .Select(trial => plan.RequestOf(new(0, trial), Any)).ToList();

        Assert.Equal(12, requests.Count);
        Assert.Equal(
            from seed in (int[])[0, 1]
            from repeat in (int[])[0, 1]
            from fold in (int[])[0, 1, 2]
            select (fold, repeat, seed),
            requests.Select(r => (r.Split.Fold, r.Split.Repeat, r.Replicate)));
        Assert.Equal(12, requests.Select(r => r.StreamOf()).Distinct().Count());

        // A sweep without repeats has the streams that it always had, and more repeats change none of the first.
        Assert.Equal([0, 1, 2], requests.Take(3).Select(r => r.StreamOf()));
        var more = PlanOf("folds: {k: 3, repeats: 4}\nseeds: 5\n");
        Assert.Equal(
            requests.Take(6), Enumerable.Range(0, 6).Select(trial => more.RequestOf(new(0, trial), Any)));
        Assert.Equal(Split.All, plan.SplitOf(TrialId.Refit(0)));
        Assert.Equal("fold 3/3, repeat 2/2, seed 2/2", plan.PlaceOf(new(0, 11)));
    }

    [Fact]
    public void Create_SeedsOfAHoldout_AreTrialsOnTheSameSplit()
    {
        var plan = PlanOf("validation: 0.25\nseeds: 3\n");

        Assert.Equal(3, plan.TrialsPerConfiguration);
        Assert.Equal(Split.Holdout(0.25), plan.SplitOf(new(0, 2)));
        Assert.Equal(2, plan.ReplicateOf(new(0, 2)));
        Assert.Equal("one hold-out split x 3 seeds", plan.TrialsText());
    }

    /// <summary>A plan of an earlier version lacks both: once.</summary>
    [Fact]
    public void TrialsPerConfiguration_PlanWithoutRepeats_IsOneAFold()
    {
        Assert.Equal(5, (PlanOf("") with { Repeats = 0, Seeds = 0 }).TrialsPerConfiguration);
        Assert.DoesNotContain("repeats", PlanOf("folds: {k: 4}").Specification, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("folds: {k: 3, repeats: 2}\n")]
    [InlineData("folds: {k: 3, repeats: 2}\nseeds: 7\n")]
    [InlineData("validation: 0.5\nseeds: 2\n")]
    public void ToYaml_Repeats_ReadAsThemselves(string text)
    {
        var yaml = SpecificationWriter.ToYaml(Reading.Valid(Reading.Head + text));

        Assert.Equal(yaml, SpecificationWriter.ToYaml(Reading.Valid(yaml)));
        Assert.Equal(
            Reading.Valid(Reading.Head + text).TrialsPerConfiguration, Reading.Valid(yaml).TrialsPerConfiguration);
    }

    [Theory]
    [InlineData("folds: {k: 1}", "allowed: a whole number from 2 to 100")]
    [InlineData("folds: {k: 3, repeats: 0}", "folds.repeats: 0")]
    [InlineData("folds: {repeats: 3}", "needs the key 'k'")]
    [InlineData("folds: {n_splits: 5, n_repeats: 3}", "write 'repeats'")]
    [InlineData("repeats: 3", "folds: {k: 5, repeats: 3}")]
    [InlineData("seeds: 0", "seeds: 0")]
    [InlineData("folds: {k: 100, repeats: 11}", "1100 trials of each configuration; allowed: at most 1000")]
    [InlineData("folds: {k: 5, repeats: 3}\nvalidation: 0.1", "both 'folds' and 'validation'")]
    public void Read_WrongRepeats_SaysWhatIsAllowed(string text, string part) => Assert.Contains(
        Reading.Errors(Reading.Head + text), error => error.Contains(part, StringComparison.Ordinal));

    private static Hyperparameters Any =>
        new() { Architecture = "linear", LearningRate = 1, BatchSize = 1, Epochs = 1 };

    private static SweepPlan PlanOf(string text) =>
        SpecificationPlan.Create(Reading.Valid(Reading.Head + text), "s", TaskKind.Classification);
}
