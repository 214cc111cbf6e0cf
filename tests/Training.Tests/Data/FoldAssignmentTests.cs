using FsCheck;
using FsCheck.Fluent;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Data;

public sealed class FoldAssignmentTests
{
    private sealed record Case(int[] Labels, int Folds, long Seed, int Repeat);

    /// <summary>
    /// Up to 300 samples of up to 8 classes of very different sizes, and a number of folds that is allowed.
    /// </summary>
    private static Arbitrary<Case> Cases => Arb.From(
        from sizes in Gen.Choose(0, 60).ArrayOf(8)
        from folds in Gen.Choose(2, 12)
        from seed in Gen.Choose(int.MinValue, int.MaxValue)
        from repeat in Gen.Choose(0, 3)
        let labels = sizes.SelectMany((size, label) => Enumerable.Repeat(label, size)).ToArray()
        from shuffled in Gen.Shuffle(labels)
        where sizes.Max() >= folds
        select new Case(shuffled, folds, seed, repeat));

    [Fact]
    public void Stratified_AnyLabels_EverySampleIsValidatedExactlyOnce() => Prop.ForAll(Cases, test =>
    {
        var assignment = FoldAssignment.Stratified(test.Labels, test.Folds, test.Seed, test.Repeat);
        var validated = new int[test.Labels.Length];
        for (var fold = 0; fold < test.Folds; fold++)
        {
            var split = assignment.Hold(fold);
            Assert.Equal(Enumerable.Range(0, test.Labels.Length), split.Training.Concat(split.Validation).Order());
            foreach (var sample in split.Validation)
                validated[sample]++;
        }

        Assert.All(validated, times => Assert.Equal(1, times));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Stratified_AnyLabels_CountsDifferByAtMostOne() => Prop.ForAll(Cases, test =>
    {
        var folds = FoldAssignment.Stratified(test.Labels, test.Folds, test.Seed, test.Repeat).FoldOf.ToArray();
        int[] sizes = [.. Enumerable.Range(0, test.Folds).Select(fold => folds.Count(of => of == fold))];
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        foreach (var label in test.Labels.Distinct())
        {
            int[] counts = [.. Enumerable.Range(0, test.Folds)
                .Select(fold => folds.Where((of, sample) => of == fold && test.Labels[sample] == label).Count())];
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }
    }).QuickCheckThrowOnFailure();

    /// <summary>
    /// Repeats shuffle anew: that two samples of a class share a fold in one says nothing of another.
    /// </summary>
    [Fact]
    public void Stratified_Repeats_AreIndependentDivisions()
    {
        int[] labels = [.. Enumerable.Range(0, 1_000).Select(i => i % 2)];
        var first = FoldAssignment.Stratified(labels, 5, 7).FoldOf.ToArray();
        var second = FoldAssignment.Stratified(labels, 5, 7, repeat: 1).FoldOf.ToArray();
        var plain = FoldAssignment.Plain(1_000, 5, 7, repeat: 1).FoldOf.ToArray();

        Assert.Equal(FoldAssignment.Stratified(labels, 5, 7, repeat: 0).FoldOf.ToArray(), first);
        foreach (var other in (int[][])[second, plain])
        {
            var counts = Enumerable.Range(0, 25)
                .Select(pair => first.Zip(other).Count(both => both == (pair / 5, pair % 5))).ToArray();
            Assert.Equal(1_000, counts.Sum());
            // 40 each on average, deviation about 5.
            Assert.All(counts, count => Assert.InRange(count, 15, 65));
        }
    }

    [Fact]
    public void Plain_AnySize_PartitionsIntoNearlyEqualFolds() => Prop.ForAll(
        Arb.From(from samples in Gen.Choose(2, 300) from folds in Gen.Choose(2, samples) select (samples, folds)),
        test =>
        {
            var folds = FoldAssignment.Plain(test.samples, test.folds, 5).FoldOf.ToArray();
            int[] sizes = [.. Enumerable.Range(0, test.folds).Select(fold => folds.Count(of => of == fold))];
            Assert.Equal(test.samples, sizes.Sum());
            Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Stratified_AnotherSeed_GivesOtherFolds()
    {
        int[] labels = [.. Enumerable.Range(0, 200).Select(sample => sample % 4)];

        var one = FoldAssignment.Stratified(labels, 5, 1).FoldOf.ToArray();

        Assert.Equal(one, FoldAssignment.Stratified(labels, 5, 1).FoldOf.ToArray());
        Assert.NotEqual(one, FoldAssignment.Stratified(labels, 5, 2).FoldOf.ToArray());
    }

    [Fact]
    public void Stratified_SortedLabels_MixesTheSamplesOfAClass()
    {
        // 100 samples of one class: sample i in fold i % 5 would be the unshuffled assignment.
        var folds = FoldAssignment.Stratified(new int[100], 5, 3).FoldOf.ToArray();

        Assert.InRange(folds.Where((of, sample) => of == sample % 5).Count(), 5, 40);
    }

    [Fact]
    public void Stratified_SmallClassBesideALargeOne_IsAcceptedAsInScikitLearn()
    {
        int[] labels = [0, 0, 0, 0, 0, 0, 1, 1];

        var assignment = FoldAssignment.Stratified(labels, 5, 1);

        Assert.Equal(2, assignment.FoldOf[6..].ToArray().Distinct().Count());
    }

    [Theory]
    [InlineData(5, 6, "6 folds need at least 6 samples, but there are 5")]
    [InlineData(5, 1, "at least 2 folds, not 1")]
    [InlineData(0, 2, "there are 0")]
    public void Plain_ImpossibleNumberOfFolds_SaysWhy(int samples, int folds, string reason)
    {
        var error = Assert.Throws<SweepsException>(() => FoldAssignment.Plain(samples, folds, 1));

        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stratified_EveryClassSmallerThanTheFolds_SaysTheLargest()
    {
        var error = Assert.Throws<SweepsException>(() => FoldAssignment.Stratified([0, 0, 1, 1, 2, 2], 3, 1));

        Assert.Contains("the largest class has 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hold_FoldOfTheSplit_AgreesWithSampleSplit()
    {
        int[] labels = [.. Enumerable.Range(0, 90).Select(sample => sample % 3)];

        var split = SampleSplit.Of(Split.KFold(5, 2), labels, 11);

        var expected = FoldAssignment.Stratified(labels, 5, 11).Hold(2);
        Assert.Equal(expected.Training, split.Training);
        Assert.Equal(expected.Validation, split.Validation);
    }
}
