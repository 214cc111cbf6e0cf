using Sweeps.Core.Searchers;

namespace Sweeps.Core.Tests.Searchers;

public sealed class NonDominatedSortTests
{
    /// <summary>Fronts by their definition: take off all that nothing left dominates, again and again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Fronts_AnyVectors_AreWhatPeelingGives(int costs)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            double[]?[] vectors =
            [
                .. Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(12) == 0
                    ? null
                    : Enumerable.Range(0, costs).Select(_ => (double)random.Next(8)).ToArray()),
            ];

            var fronts = NonDominatedSort.Fronts(vectors);

            Assert.Equal(
                Peeled(vectors).Select(front => front.Order().ToArray()),
                fronts.Select(front => front.Order().ToArray()));
            Assert.All(fronts.Where(front => vectors[front[0]] is not null), front => Assert.Equal(
                front.OrderBy(i => vectors[i]![0]).ThenBy(i => vectors[i]!.ElementAtOrDefault(1))
                    .Select(i => vectors[i]),
                front.Select(i => vectors[i])));
        }
    }

    /// <summary>A front of two costs by hand, and what lies behind it.</summary>
    [Fact]
    public void Fronts_HandMadePoints_AreInRanks()
    {
        double[]?[] points = [[1, 5], [2, 3], [4, 1], [2, 4], [5, 5], [3, 3], null, [1, 5]];

        Assert.Equal([[0, 7, 1, 2], [3, 5], [4], [6]], NonDominatedSort.Fronts(points));
    }

    [Fact]
    public void Fronts_ALongFrontAndManyBehindIt_AreQuick()
    {
        double[]?[] points = [.. Enumerable.Range(0, 200_000).Select(i => new[] { i % 1000, (i * 7919L) % 100_003.0 })];
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var fronts = NonDominatedSort.Fronts(points);

        Assert.Equal(points.Length, fronts.Sum(front => front.Count));
        // Comparing all pairs would take minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    /// <summary>
    /// Deb et al. (2002), section III-B: the ends are infinite, each other one sums up, over the costs, the gap between
    /// its neighbours by the range. By hand: ranges 8 and 10; (1, 6): (3 - 0)/8 + (10 - 5)/10; (3, 5): (8 - 1)/8 +
    /// (6 - 0)/10.
    /// </summary>
    [Fact]
    public void Crowding_HandMadeFront_IsAsOnPaper()
    {
        var distances = NonDominatedSort.Crowding([[0, 10], [1, 6], [3, 5], [8, 0]]);

        Assert.Equal([double.PositiveInfinity, 0.375 + 0.5, 0.875 + 0.6, double.PositiveInfinity], distances);
    }

    [Fact]
    public void Crowding_ACostThatIsTheSameForAll_TellsNothing() =>
        Assert.Equal([0, 0, 0], NonDominatedSort.Crowding([[1, 2], [1, 2], [1, 2]]));

    [Fact]
    public void Order_TwoFronts_GoesByRankThenByCrowding() => Assert.Equal(
        [0, 3, 2, 1, 5, 4], NonDominatedSort.Order([[0, 10], [1, 6], [3, 5], [8, 0], null, [9, 9]]));

    /// <summary>
    /// The whole first front, then of the second the best in the first cost, the farthest from it, and the farthest
    /// from both: by hand (5, 7) is 0.4 from (1, 9), as a share of the ranges 10 and 8, (4, 8) is 0.3.
    /// </summary>
    [Fact]
    public void Take_MoreThanAFront_SpreadsOverTheLast()
    {
        double[]?[] points = [[0, 0], [1, 9], [4, 8], [5, 7], [11, 1], null];

        Assert.Equal([0], NonDominatedSort.Take(points, 1));
        Assert.Equal([0, 1], NonDominatedSort.Take(points, 2));
        Assert.Equal([0, 1, 4], NonDominatedSort.Take(points, 3));
        Assert.Equal([0, 1, 4, 3], NonDominatedSort.Take(points, 4));
        Assert.Equal([0, 1, 2, 3, 4], NonDominatedSort.Take(points, 5));
        Assert.Equal([0, 1, 2, 3, 4], NonDominatedSort.Take(points, 9));
    }

    /// <summary>As <see cref="NonDominatedSort.Take"/> says it, on vectors with many ties, for any number.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TakesFirst_AnyVectors_IsWhetherTakeHasIt(int costs)
    {
        var taken = 0;
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            double[]?[] vectors =
            [
                .. Enumerable.Range(0, 1 + random.Next(30)).Select(_ => random.Next(12) == 0
                    ? null
                    : Enumerable.Range(0, costs).Select(_ => (double)random.Next(5)).ToArray()),
            ];
            var count = 1 + random.Next(vectors.Length);

            var isTaken = NonDominatedSort.TakesFirst(vectors, count);

            Assert.Equal(NonDominatedSort.Take(vectors, count).Contains(0), isTaken);
            taken += isTaken ? 1 : 0;
        }

        Assert.InRange(taken, 500, 1_900);
    }

    private static List<List<int>> Peeled(double[]?[] vectors)
    {
        var left = Enumerable.Range(0, vectors.Length).Where(i => vectors[i] is not null).ToList();
        var fronts = new List<List<int>>();
        while (left.Count > 0)
        {
            fronts.Add([.. left.Where(i => !left.Any(j =>
                vectors[j]!.Zip(vectors[i]!).All(pair => pair.First <= pair.Second)
                && vectors[j]!.Zip(vectors[i]!).Any(pair => pair.First < pair.Second)))]);
            left = [.. left.Except(fronts[^1])];
        }

        if (Array.Exists(vectors, vector => vector is null))
            fronts.Add([.. Enumerable.Range(0, vectors.Length).Where(i => vectors[i] is null)]);
        return fronts;
    }
}
