using System.Security.Cryptography;
using System.Text;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using static Sweeps.Core.Tests.SweepFile.Reading;

namespace Sweeps.Core.Tests.Searchers;

/// <summary>
/// Methods that learn from vectors, on ZDT1 and ZDT2 (Zitzler, Deb and Thiele, Evolutionary Computation 8, 2000), whose
/// fronts are known: f2 = 1 - sqrt(f1) and f2 = 1 - f1^2.
/// </summary>
public sealed class FrontSearchTests
{
    private const int Dimensions = 8;
    private const int Evaluations = 250;
    private const double FirstReference = 1.1;
    private const double Reference = 3;

    private const string TwoObjectives = Head + """
        run_cap: 60
        metric: [validation_accuracy, weights]
        parameters:
          optimizer: [sgd, adam]
          momentum: {min: 0.0, max: 0.99, when: {optimizer: sgd}}
          learning_rate: {distribution: log_uniform_values, min: 0.00001, max: 1}
          batch_size: [16, 32, 64, 128, 256]
        """;

    /// <summary>Below the point (1.1, 3) the front dominates 3.3 less the area under it: 1/3, and 2/3.</summary>
    [Theory]
    [InlineData(false, 3.3 - 1.0 / 3)]
    [InlineData(true, 3.3 - 2.0 / 3)]
    public void Hypervolume_KnownFront_IsItsClosedForm(bool isSquare, double expected)
    {
        var front = Enumerable.Range(0, 20_001).Select(i => i / 20_000.0)
            .Select(x => (x, isSquare ? 1 - x * x : 1 - Math.Sqrt(x)));

        Assert.Equal(expected, Hypervolume(front), 3);
        Assert.Equal(0.25 * 2 + 0.5 * 1 - 0.25 * 1, Hypervolume([(0.85, 1), (0.6, 2), (0.9, 2.5)]), 12);
    }

    /// <summary>
    /// After 250 evaluations of 8 parameters both methods have at least so many times the hypervolume of a random
    /// search with each of five seeds. The front itself has 2.967 and 2.633; random searches have 1.0 and 0.2 on
    /// average.
    /// </summary>
    [Theory]
    [Trait("Speed", "slow")]
    [InlineData("nsga2", false, 1.6)]
    [InlineData("nsga2", true, 2.5)]
    [InlineData("tpe", false, 1.4)]
    [InlineData("tpe", true, 2.5)]
    public void Propose_KnownFront_IsFoundBetterThanAtRandom(string method, bool isSquare, double factor)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var random = Hypervolume(Run(new RandomSearcher(Space(), seed), isSquare));
            var learned = Hypervolume(Run(Searcher(method, seed), isSquare));

            Assert.True(learned > Math.Max(1, factor * random), $"seed {seed}: {learned:0.000}, random {random:0.000}");
        }
    }

    /// <summary>With more evaluations nsga2 closes in on the whole front.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public void Propose_ManyEvaluations_CloseInOnTheFront() =>
        Assert.InRange(Hypervolume(Run(Searcher("nsga2", 1), false, 1_500)), 0.99 * 2.967, 2.967);

    [Fact]
    [Trait("Speed", "nightly")]
    public void Propose_ManyEvaluations_CloseInOnTheOtherFront() =>
        Assert.InRange(Hypervolume(Run(Searcher("nsga2", 1), true, 1_500)), 0.99 * 2.633, 2.634);

    /// <summary>As with one objective: the same bits on every processor.</summary>
    [Theory]
    [InlineData("nsga2", "ac4571df1daad863")]
    [InlineData("tpe", "afe21641c89d32cc")]
    public void Propose_SameSweepOfTwoObjectives_IsTheSameOnEveryProcessor(string method, string digest)
    {
        var searcher = Valid(TwoObjectives, $"method={method}", "lag=4").CreateSearcher();

        var text = string.Join('\n', SearchRun.Of(searcher, 60, Accuracy, WithBatches));

        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16]);
    }

    /// <summary>
    /// The size of a batch stands for the number of weights. Accuracies are in twentieths, so that one configuration
    /// beats all others: a rate near 0.01 and a batch of 16.
    /// </summary>
    [Theory]
    [InlineData("nsga2")]
    [InlineData("tpe")]
    public void Propose_TwoObjectives_LearnsFromBoth(string method)
    {
        var points = SearchRun.Of(
            Valid(TwoObjectives, $"method={method}", "lag=2", "run_cap=120").CreateSearcher(), 120,
            values => Math.Round(20 * Accuracy(values)) / 20, WithBatches);

        var later = points.Skip(60).Select(point => point["batch_size"]!.Value.Number).ToList();
        // A fifth of random draws, 12 of them, has each size.
        Assert.InRange(later.Count(batch => batch == 16), 30, 60);
    }

    /// <summary>Scores that are known already are put in order once, and again when one is other than it was.</summary>
    [Theory]
    [InlineData("nsga2")]
    [InlineData("tpe")]
    public void Propose_SameScoresKnown_OrdersThemOnce(string method)
    {
        LearningSearcher New() => (LearningSearcher)Valid(TwoObjectives, $"method={method}").CreateSearcher();
        var searcher = New();
        var points = SearchRun.Of(New(), 60, Accuracy, WithBatches);
        List<ProposedConfiguration> History(int count, double first) => SearchRun.History(
            points[..count], 30, Accuracy, (i, score) => WithBatches(
                points[i], i == 7 ? score with { Mean = first } : score));

        foreach (var n in new[] { 40, 41, 42 })
            Assert.Equal(New().Propose(n, History(n, 0.1)).Values, searcher.Propose(n, History(n, 0.1)).Values);
        Assert.Equal(1, searcher.Sorted);
        Assert.Equal(New().Propose(42, History(42, 0.99)).Values, searcher.Propose(42, History(42, 0.99)).Values);
        Assert.Equal(2, searcher.Sorted);
    }

    /// <summary>What failed or diverged is dominated by all, however small its network.</summary>
    [Theory]
    [InlineData("nsga2")]
    [InlineData("tpe")]
    public void Propose_SmallButDiverged_IsKeptAwayFrom(string method)
    {
        var searcher = Valid(TwoObjectives, $"method={method}", "lag=1", "run_cap=120").CreateSearcher();

        var points = SearchRun.Of(searcher, 120, _ => 0.5, (values, score) =>
            values["optimizer"]!.Value.Text == "sgd"
                ? score with { Mean = 0, Diverged = 1, Further = [new(1, double.NaN, double.NaN)] }
                : score with { Further = [new(100, double.NaN, double.NaN)] });

        // 30 of random draws, give or take 4.
        Assert.InRange(points.Skip(60).Count(point => point["optimizer"]!.Value.Text == "sgd"), 0, 22);
    }

    /// <summary>
    /// Half of the configurations were stopped, with values of less training that look better than those of the rest:
    /// parents are those that passed, of another optimizer.
    /// </summary>
    [Fact]
    public void Propose_StoppedOnes_AreNoParentsBeforeThoseThatPassed()
    {
        var searcher = Valid(TwoObjectives, "method=nsga2", "lag=1", "run_cap=200", "population=10").CreateSearcher();
        var points = SearchRun.Of(searcher, 40, _ => 0.5, WithBatches);
        bool IsStopped(ParameterAssignment values) => values["optimizer"]!.Value.Text == "sgd";
        List<ProposedConfiguration> History() =>
        [
            .. SearchRun.History(points, points.Count, values => IsStopped(values) ? 0.9 : 0.5, (i, score) =>
                WithBatches(points[i], score with { Stopped = IsStopped(points[i]) ? 1 : 0 }))
                .Select(item => IsStopped(points[item.Index]) ? item with { Reached = new(1, 1) } : item),
        ];

        while (points.Count < 80)
            points.Add(searcher.Propose(points.Count, History()).Values);

        // Both parents have adam: another comes of a mutation only, one in four draws anew and half of these.
        Assert.InRange(points.Skip(40).Count(IsStopped), 0, 12);
    }

    /// <summary>Deb and Agrawal (1995): both children together have the parents' middle; half of all spreads contract.
    /// </summary>
    [Fact]
    public void Crossed_FarFromBounds_IsSymmetricAroundTheParents()
    {
        for (var i = 1; i < 100; i++)
        {
            var (low, high) = (Nsga2Searcher.Crossed(0.48, 0.52, i / 100.0, true),
                Nsga2Searcher.Crossed(0.52, 0.48, i / 100.0, false));

            Assert.Equal(1, low + high, 12);
            Assert.Equal(i <= 50, high - low <= 0.04 + 1e-12);
        }

        Assert.InRange(Nsga2Searcher.Crossed(0.001, 0.9, 0.9999999, true), 0, 0.001);
        Assert.Equal(0.3, Nsga2Searcher.Crossed(0.3, 0.3, 0.9, true));
    }

    /// <summary>
    /// Deb and Goyal (1996): u = 1/2 leaves the value, u = 0 and 1 give the ends, and near the middle of the range the
    /// step is (2u)^(1/21) - 1.
    /// </summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.97)]
    public void Moved_AnyPlace_FollowsThePolynomial(double x)
    {
        Assert.Equal(x, Nsga2Searcher.Moved(x, 0.5), 12);
        Assert.Equal(0, Nsga2Searcher.Moved(x, 0), 6);
        Assert.Equal(1, Nsga2Searcher.Moved(x, 1), 6);
        Assert.Equal(0.5 + Math.Pow(2 * 0.3, 1.0 / 21) - 1, Nsga2Searcher.Moved(0.5, 0.3), 6);
    }

    /// <summary>The area that the points dominate, below (1.1, 3).</summary>
    private static double Hypervolume(IEnumerable<(double F1, double F2)> points)
    {
        var (area, lowest) = (0.0, Reference);
        foreach (var (f1, f2) in points.Where(point => point.F1 < FirstReference).Order())
        {
            if (f2 >= lowest)
                continue;
            area += (FirstReference - f1) * (lowest - f2);
            lowest = f2;
        }

        return area;
    }

    private static List<(double F1, double F2)> Run(ISearcher searcher, bool isSquare, int evaluations = Evaluations) =>
    [
        .. SearchRun.Of(searcher, evaluations, values => -Zdt(values, isSquare).F1, (values, score) => score with
        {
            Further = [new(Zdt(values, isSquare).F2, 0, 0)],
        }).Select(values => Zdt(values, isSquare)),
    ];

    private static (double F1, double F2) Zdt(ParameterAssignment values, bool isSquare)
    {
        double[] x = [.. Enumerable.Range(0, Dimensions).Select(i => values[$"x{i}"]!.Value.Number)];
        var g = 1 + 9 * x.Skip(1).Sum() / (Dimensions - 1);
        var ratio = x[0] / g;
        return (x[0], g * (1 - (isSquare ? ratio * ratio : Math.Sqrt(ratio))));
    }

    private static ISearcher Searcher(string method, int seed) =>
        Enum.Parse<SearchMethod>(method, ignoreCase: true).CreateSearcher(
            Space(), new(seed, false, 4, 20, []) { FurtherMinimize = [true] });

    private static SearchSpace Space() => new(
        [
            new("architecture", [new([], new ChoiceDomain(ParameterValue.Of("linear")))]),
            .. Enumerable.Range(0, Dimensions).Select(i => new SearchedParameter(
                $"x{i}", [new([], new RangeDomain(0, 1, false, null, new(0, 1, false, false)))])),
        ],
        [], 1);

    private static double Accuracy(ParameterAssignment values)
    {
        var rate = values["learning_rate"]!.Value.Number;
        return 0.9 - Math.Abs(rate - 0.01) / (rate + 0.01) / 2;
    }

    private static ConfigurationScore WithBatches(ParameterAssignment values, ConfigurationScore score) =>
        score with { Further = [new(values["batch_size"]!.Value.Number, double.NaN, double.NaN)] };
}
