using FsCheck;
using FsCheck.Fluent;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Data;

public sealed class SampleSplitTests
{
    [Fact]
    public void Of_HoldoutOfAnyLabels_KeepsEachClassWithinOneOfItsShare() => Prop.ForAll(
        Arb.From(
            from sizes in Gen.Choose(2, 80).ArrayOf(6)
            from percent in Gen.Choose(20, 80)
            select (Sizes: sizes, Fraction: percent / 100.0)),
        test =>
        {
            int[] labels = [.. test.Sizes.SelectMany((size, label) => Enumerable.Repeat(label, size))];
            if (Math.Round(labels.Length * test.Fraction) < 6 || Math.Round(labels.Length * (1 - test.Fraction)) < 6)
                return;
            var split = SampleSplit.Of(Split.Holdout(test.Fraction), labels, 42);
            Assert.Equal(Enumerable.Range(0, labels.Length), split.Training.Concat(split.Validation).Order());
            Assert.Equal((int)Math.Round(labels.Length * test.Fraction, MidpointRounding.AwayFromZero),
                split.Validation.Length);
            for (var label = 0; label < test.Sizes.Length; label++)
            {
                var held = split.Validation.Count(sample => labels[sample] == label);
                var exact = (double)test.Sizes[label] * split.Validation.Length / labels.Length;
                Assert.InRange(held, Math.Floor(exact), Math.Ceiling(exact));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_All_UsesEverySampleAndHoldsOutNone()
    {
        var split = SampleSplit.Of(Split.All, [1, 0, 1], 1);

        Assert.Equal([0, 1, 2], split.Training);
        Assert.Empty(split.Validation);
    }

    [Fact]
    public void Of_Limit_DividesARandomSubsetThatTheSeedFixes()
    {
        int[] labels = [.. Enumerable.Range(0, 1000).Select(sample => sample % 10)];

        var split = SampleSplit.Of(Split.KFold(5, 0), labels, 7, limit: 100);
        var another = SampleSplit.Of(Split.KFold(5, 1), labels, 7, limit: 100);

        Assert.Equal((80, 20), (split.Training.Length, split.Validation.Length));
        Assert.Equal(split.Training.Concat(split.Validation).Order(),
            another.Training.Concat(another.Validation).Order());
        Assert.Empty(split.Validation.Intersect(another.Validation));
        Assert.True(split.Training.Max() > 500, "the subset is the first samples, not random ones");
        Assert.Equal(split.Training.Order(), split.Training);
    }

    [Fact]
    public void Of_LimitAboveTheSamples_UsesAll() =>
        Assert.Equal(3, SampleSplit.Of(Split.All, 3, 1, limit: 10).Training.Length);

    [Fact]
    public void Of_RegressionHoldout_TakesTheShareAtRandom()
    {
        var split = SampleSplit.Of(Split.Holdout(0.25), 40, 3);

        Assert.Equal(10, split.Validation.Length);
        Assert.Equal(Enumerable.Range(0, 40), split.Training.Concat(split.Validation).Order());
        Assert.NotEqual(Enumerable.Range(0, 10), split.Validation);
    }

    /// <summary>As in books: the first samples of the data, whatever the seed.</summary>
    [Fact]
    public void Of_First_HoldsTheFirstSamplesOut()
    {
        foreach (var seed in (long[])[1, 2])
        {
            var plain = SampleSplit.Of(Split.First(3), 10, seed);
            var classes = SampleSplit.Of(Split.First(3), [0, 0, 0, 0, 1, 1, 1, 1, 1, 1], seed);
            Assert.Equal([0, 1, 2], plain.Validation);
            Assert.Equal(Enumerable.Range(3, 7), plain.Training);
            Assert.Equal(plain.Training, classes.Training);
            Assert.Equal(plain.Validation, classes.Validation);
        }

        var limited = SampleSplit.Of(Split.First(3), 100, 1, limit: 10);
        Assert.Equal(10, limited.Training.Length + limited.Validation.Length);
        Assert.True(limited.Validation.Max() < limited.Training.Min());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public void Of_FirstOfTooFew_SaysThatNoneAreLeft(int first) => Assert.Contains(
        "leaves none to learn from",
        Assert.Throws<SweepsException>(() => SampleSplit.Of(Split.First(first), 10, 1)).Message,
        StringComparison.Ordinal);

    /// <summary>A group on both sides would tell what is held out.</summary>
    [Fact]
    public void Of_FirstWithinAGroup_IsRefused()
    {
        var part = DataPart.OfValues(new float[6], new int[6], 1).InGroups([0, 0, 1, 1, 2, 2]);
        Assert.Equal([0, 1, 2, 3], SampleSplit.Of(Split.First(4), part, 1).Validation);
        Assert.Contains(
            "within a group",
            Assert.Throws<SweepsException>(() => SampleSplit.Of(Split.First(3), part, 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_HoldoutOfASingleSampleOfAClass_NamesTheClass()
    {
        var error = Assert.Throws<SweepsException>(() => SampleSplit.Of(Split.Holdout(0.4), [0, 0, 0, 0, 1], 1));

        Assert.Contains("Class 1 has only 1 sample", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1, 12)]
    [InlineData(0.9, 12)]
    public void Of_HoldoutSmallerThanTheClasses_SaysBothSides(double fraction, int samples)
    {
        int[] labels = [.. Enumerable.Range(0, samples).Select(sample => sample % 4)];

        var error = Assert.Throws<SweepsException>(() => SampleSplit.Of(Split.Holdout(fraction), labels, 1));

        Assert.Contains("at least 4, one a class", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_RegressionHoldoutOfTooFewSamples_Throws(int samples) =>
        Assert.Throws<SweepsException>(() => SampleSplit.Of(Split.Holdout(0.5), samples, 1));

    [Fact]
    public void Of_LimitBelowOne_Throws() =>
        Assert.Throws<SweepsException>(() => SampleSplit.Of(Split.All, 3, 1, limit: 0));

    [Fact]
    public void Of_NoSamples_IsADataError() =>
        Assert.Equal(ErrorKind.Data, Assert.Throws<SweepsException>(() => SampleSplit.Of(Split.All, 0, 1)).Kind);
}
