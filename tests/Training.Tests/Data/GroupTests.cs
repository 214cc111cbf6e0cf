using System.Globalization;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Csv;

namespace Sweeps.Training.Tests.Data;

/// <summary>Samples in groups: no group in two parts of a split, classes as even as whole groups allow.</summary>
public sealed class GroupTests
{
    /// <summary>Groups of 1 to 12 samples of classes as a coin falls, biased by group.</summary>
    private static (int[] Labels, int[] Groups) Drawn(int seed, int groups)
    {
        var random = new Random(seed);
        var samples = Enumerable.Range(0, groups).SelectMany(group =>
        {
            var bias = random.NextDouble();
            return Enumerable.Range(0, random.Next(1, 13)).Select(_ => (random.NextDouble() < bias ? 1 : 0, group));
        }).ToArray();
        random.Shuffle(samples);
        return ([.. samples.Select(s => s.Item1)], [.. samples.Select(s => s.group)]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    public void Grouped_AnyGroups_StayWholeAndFillEveryFold(int folds)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var (labels, groups) = Drawn(seed, folds + seed);
            var foldOf = FoldAssignment.Grouped(labels, groups, folds, seed).FoldOf.ToArray();

            Assert.All(
                groups.Zip(foldOf).GroupBy(pair => pair.First),
                group => Assert.Single(group.Select(pair => pair.Second).Distinct()));
            Assert.Equal(Enumerable.Range(0, folds), foldOf.Distinct().Order());
        }
    }

    /// <summary>
    /// With many groups each fold has its share of each class to a few per cent; dealt at random, folds of 100 groups
    /// differ by tens of per cent.
    /// </summary>
    [Fact]
    public void Grouped_ManyGroups_AreStratified()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var (labels, groups) = Drawn(seed, 500);
            var foldOf = FoldAssignment.Grouped(labels, groups, 5, seed).FoldOf.ToArray();
            foreach (var label in (int[])[0, 1])
            {
                var counts = Enumerable.Range(0, 5)
                    .Select(fold => foldOf.Zip(labels).Count(pair => pair == (fold, label))).ToArray();
                Assert.InRange((double)(counts.Max() - counts.Min()) / counts.Average(), 0, 0.03);
            }
        }
    }

    [Fact]
    public void Grouped_Repeats_DealAnew()
    {
        var (labels, groups) = Drawn(1, 60);
        var first = FoldAssignment.Grouped(labels, groups, 5, 1).FoldOf.ToArray();

        Assert.Equal(first, FoldAssignment.Grouped(labels, groups, 5, 1).FoldOf.ToArray());
        Assert.NotEqual(first, FoldAssignment.Grouped(labels, groups, 5, 1, repeat: 1).FoldOf.ToArray());
        Assert.NotEqual(first, FoldAssignment.Grouped(labels, groups, 5, 2).FoldOf.ToArray());
    }

    [Fact]
    public void Grouped_FewerGroupsThanFolds_IsRefused()
    {
        var error = Assert.Throws<SweepsException>(
            () => FoldAssignment.Grouped([0, 1, 0, 1, 0, 1], [0, 1, 2, 0, 1, 2], 4, 1));

        Assert.Contains("4 folds need at least 4 groups, but there are 3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void Of_HoldoutOfGroups_HoldsWholeGroupsOutOfAboutTheShare(double fraction)
    {
        var (labels, groups) = Drawn(3, 200);
        var part = DataPart.OfValues(new float[labels.Length], labels, 1).InGroups(groups);

        var split = SampleSplit.Of(Split.Holdout(fraction), part, 1);

        Assert.Empty(split.Training.Select(i => groups[i]).Intersect(split.Validation.Select(i => groups[i])));
        Assert.InRange((double)split.Validation.Length / labels.Length, fraction - 0.02, fraction + 0.02);
        Assert.Equal(Enumerable.Range(0, labels.Length), split.Training.Concat(split.Validation).Order());
        var some = SampleSplit.Of(Split.KFold(3, 1), part, 1, limit: 90);
        Assert.Equal(90, some.Training.Length + some.Validation.Length);
        Assert.Empty(some.Training.Select(i => groups[i]).Intersect(some.Validation.Select(i => groups[i])));
    }

    /// <summary>The column is no feature, and the fifth for testing has groups of its own.</summary>
    [Fact]
    public void Build_GroupColumn_IsNoFeatureAndTheTestPartHasGroupsOfItsOwn()
    {
        var random = new Random(5);
        var text = new StringBuilder("number,x,patient,y\n");
        for (var row = 0; row < 300; row++)
            text.Append(CultureInfo.InvariantCulture, $"{row / 6},{random.NextDouble():0.000},p {row / 6},{row % 2}\n");

        var set = Build(text.ToString(), "Patient");

        Assert.Equal(["number", "x"], set.FeatureNames);
        Assert.Equal((240, 60), (set.Train.Count, set.Test.Count));
        Assert.Equal(40, set.Train.Groups.ToArray().Distinct().Count());
        var row2 = new float[2];
        HashSet<float> Numbers(DataPart part) => [.. Enumerable.Range(0, part.Count).Select(i =>
        {
            part.GatherRange(i, 1, row2);
            return row2[0];
        })];
        Assert.Empty(Numbers(set.Train).Intersect(Numbers(set.Test)));
    }

    /// <summary>Folds depend on the groups: other groups are other data, and none leave the digest as it was.</summary>
    [Fact]
    public void Digest_Groups_ArePartOfIt()
    {
        var part = DataPart.OfValues([1, 2, 3, 4], [0, 1, 0, 1], 1);
        string DigestOf(DataPart train) => new DataSet("t", [1], ["a", "b"], train, part).Digest;

        Assert.Equal(
            3,
            new[] { part, part.InGroups([0, 0, 1, 1]), part.InGroups([0, 1, 0, 1]) }.Select(DigestOf).Distinct()
                .Count());
    }

    [Theory]
    [InlineData("patent", "there is no group column 'patent'; did you mean 'patient'?")]
    [InlineData("Y", "'Y' is both label and group")]
    [InlineData("9", "columns are numbered from 0 to 2")]
    public void Build_WrongGroupColumn_SaysWhatIsAllowed(string group, string part)
    {
        var error = Assert.Throws<LabelColumnException>(
            () => CsvTable.Parse("x,patient,y\n1,a,0\n"u8.ToArray(), "t.csv", "y", group));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal("group", error.Column);
    }

    [Fact]
    public void Build_OneGroupOrAMissingOne_IsRefused()
    {
        var one = Assert.Throws<SweepsException>(() => Build("x,g,y\n1,a,0\n2,a,1\n3,a,0\n4,a,1\n5,a,0\n", "g"));
        var missing = Assert.Throws<SweepsException>(() => Build("x,g,y\n1,a,0\n2,,1\n", "g"));

        Assert.Contains("all rows are of one group, 'a'", one.Message, StringComparison.Ordinal);
        Assert.Contains("line 3, column 2 (g): the group is missing", missing.Message, StringComparison.Ordinal);
    }

    /// <summary>The last column is the group: the label is the one before.</summary>
    [Fact]
    public void Parse_GroupInTheLastColumn_TakesTheLabelBeforeIt() => Assert.Equal(
        1, CsvTable.Parse("x,y,g\n1,0,a\n"u8.ToArray(), "t.csv", null, "g").LabelColumn);

    private static DataSet Build(string text, string group) => CsvDataSet.Build(
        "t.csv", CsvTable.Parse(Encoding.UTF8.GetBytes(text), "t.csv", null, group), null, null,
        new DataRequest("t.csv") { Group = group, Standardize = false });
}
