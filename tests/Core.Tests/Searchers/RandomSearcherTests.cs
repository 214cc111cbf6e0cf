using Sweeps.Core.Searchers;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Tests.Space;
using static Sweeps.Core.Tests.SweepFile.Reading;

namespace Sweeps.Core.Tests.Searchers;

public class RandomSearcherTests
{
    private const string Weighted = Head + """
        method: random
        parameters:
          optimizer: {values: [sgd, adam], probabilities: [0.8, 0.2]}
          momentum: {values: [0.1, 0.2, 0.3], when: {optimizer: sgd}}
          learning_rate: [0.1, 0.01]
        """;

    [Fact]
    public void AssignmentAt_RandomConditionalSpaces_GivesEveryPointOnce() => CheckRandomSpaces(first: 0, count: 50);

    [Fact]
    [Trait("Speed", "slow")]
    public void AssignmentAt_ManyRandomConditionalSpaces_GivesEveryPointOnce() =>
        CheckRandomSpaces(first: 50, count: 150);

    private static void CheckRandomSpaces(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            var specification = AsWritten(RandomSpaces.Text(seed, "random"));
            var searcher = SearcherOf(specification);
            var expected = RandomSpaces.BruteForce(specification);

            var points = Enumerable.Range(0, searcher.Count).Select(searcher.AssignmentAt).ToList();

            Assert.Equal(expected.Count, searcher.Size);
            Assert.Equal(points.Count, points.Distinct().Count());
            Assert.Equal(expected.ToHashSet(), points.ToHashSet());
        }
    }

    [Theory]
    [InlineData(Weighted)]
    [InlineData(Head
        + "method: random\nrun_cap: 12\nparameters: {learning_rate: {min: 0, max: 1.0}, optimizer: [sgd, adam]}\n")]
    public void AssignmentAt_AnyOrderOfCalls_DependsOnSeedAndIndexOnly(string text)
    {
        var forward = SearcherOf(Valid(text));
        var backward = SearcherOf(Valid(text));

        var first = Enumerable.Range(0, 12).Select(forward.AssignmentAt).ToList();
        var last = Enumerable.Range(0, 12).Reverse().Select(backward.AssignmentAt).Reverse().ToList();

        Assert.Equal(first, last);
        Assert.NotEqual(first, Enumerable.Range(0, 12).Select(SearcherOf(Valid(text, "seed=2")).AssignmentAt));
    }

    [Fact]
    public void AssignmentAt_LargerRunCap_ContinuesTheSameSequence()
    {
        const string Text = Head + "method: random\nrun_cap: 5\nparameters: {learning_rate: {min: 0, max: 1.0}}\n";
        var few = SearcherOf(Valid(Text));
        var many = SearcherOf(Valid(Text, "run_cap=500"));

        Assert.Equal(
            Enumerable.Range(0, 5).Select(few.AssignmentAt), Enumerable.Range(0, 5).Select(many.AssignmentAt));
    }

    /// <summary>
    /// The first draw of 4,000 seeds: sgd with 0.8 although it has three times the points of adam, and each of its
    /// points as likely as the others.
    /// </summary>
    [Fact]
    public void AssignmentAt_ProbabilitiesAndConditions_FirstDrawFollowsThem()
    {
        const int Seeds = 4_000;
        var specification = Valid(Weighted);
        var first = Enumerable.Range(0, Seeds)
            .Select(seed => SearcherOf(specification with { Seed = seed }).AssignmentAt(0)).ToList();

        var sgd = first.Where(a => a["optimizer"]!.Value.Text == "sgd").ToList();
        Assert.InRange(sgd.Count, (0.8 * Seeds) - 100, (0.8 * Seeds) + 100);

        // 2 architectures x 3 momenta x 2 rates: 11 degrees of freedom, 99.99 % of chi-squares lie below 37.
        var expected = sgd.Count / 12.0;
        var chi = sgd.GroupBy(a => a).Sum(g => Math.Pow(g.Count() - expected, 2) / expected);
        Assert.Equal(12, sgd.Distinct().Count());
        Assert.InRange(chi, 1.5, 37);
    }

    /// <summary>
    /// Successive sampling without replacement, for weights 0.6, 0.3, 0.1: P(order a b c) = 0.6 * 0.3 / 0.4, and so on.
    /// </summary>
    [Fact]
    public void AssignmentAt_Weights_OrderFollowsSuccessiveSampling()
    {
        const int Seeds = 6_000;
        var specification = Valid("""
            data: mnist
            method: random
            parameters:
              architecture: {values: [linear, mlp-5, mlp-10], probabilities: [0.6, 0.3, 0.1]}
            """);
        double[] weights = [0.6, 0.3, 0.1];
        string[] names = ["linear", "mlp-5", "mlp-10"];

        var orders = Enumerable.Range(0, Seeds).Select(seed => SearcherOf(specification with { Seed = seed }))
            .Select(s => string.Join(' ', Enumerable.Range(0, 3).Select(n => s.AssignmentAt(n)["architecture"])))
            .GroupBy(o => o).ToDictionary(g => g.Key, g => (double)g.Count() / Seeds);

        foreach (var i in Enumerable.Range(0, 3))
        {
            foreach (var j in Enumerable.Range(0, 3).Where(j => j != i))
            {
                var expected = weights[i] * weights[j] / (1 - weights[i]);
                var found = orders.GetValueOrDefault($"{names[i]} {names[j]} {names[3 - i - j]}");
                Assert.InRange(found, expected - 0.025, expected + 0.025);
            }
        }
    }

    [Fact]
    public void AssignmentAt_ValueOfProbabilityZero_IsNeverDrawn()
    {
        var searcher = SearcherOf(Valid(
            Head + "method: random\nparameters: {optimizer: {values: [sgd, adam], probabilities: [0, 1]}}\n"));

        Assert.Equal(2, searcher.Count);
        Assert.All(
            Enumerable.Range(0, 2), n => Assert.Equal("adam", searcher.AssignmentAt(n)["optimizer"]!.Value.Text));
    }

    [Fact]
    public void AssignmentAt_FiniteBranchBesideContinuousOne_IsNotRepeated()
    {
        var searcher = SearcherOf(Valid(Head + """
            method: random
            run_cap: 100
            parameters:
              optimizer: [sgd, adam]
              momentum: {distribution: uniform, min: 0, max: 0.9, when: {optimizer: sgd}}
            """));

        var points = Enumerable.Range(0, 100).Select(searcher.AssignmentAt).ToList();

        Assert.Equal(int.MaxValue, searcher.Count);
        Assert.Null(searcher.Size);
        Assert.Equal(100, points.Distinct().Count());
        Assert.Equal(2, points.Count(p => p["optimizer"]!.Value.Text == "adam"));
    }

    [Fact]
    public void AssignmentAt_MillionsOfIntegers_DoesNotRepeat()
    {
        var searcher = SearcherOf(Valid(
            Head + "method: random\nrun_cap: 20000\nparameters: {batch_size: {min: 1, max: 1000000}}\n"));

        Assert.Equal(2_000_000, searcher.Size);
        Assert.Equal(20_000, Enumerable.Range(0, 20_000).Select(searcher.AssignmentAt).Distinct().Count());
    }

    [Fact]
    public void Create_EachMethod_GivesItsSearcher()
    {
        Assert.IsType<GridSearcher>(Valid(Head).CreateSearcher());
        Assert.IsType<RandomSearcher>(Valid(Head, "method=random").CreateSearcher());
        Assert.All(
            Enum.GetValues<SearchMethod>(), m => Assert.NotNull((Valid(Head) with { Method = m }).CreateSearcher()));
    }

    private static RandomSearcher SearcherOf(SweepSpecification specification) =>
        new(specification.Space, specification.Seed);
}
