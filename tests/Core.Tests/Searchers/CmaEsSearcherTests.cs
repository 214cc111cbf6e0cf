using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using static Sweeps.Core.Tests.SweepFile.Reading;

namespace Sweeps.Core.Tests.Searchers;

/// <summary>What is particular to the evolution strategy.</summary>
public class CmaEsSearcherTests
{
    private const string Mixed = Head + """
        method: cmaes
        run_cap: 1000
        lag: 1
        parameters:
          optimizer: [sgd, adam, rmsprop]
          momentum: {min: 0.0, max: 0.99, when: {optimizer: sgd}}
          learning_rate: {distribution: log_uniform_values, min: 0.00001, max: 1}
          batch_size: [16, 32, 64, 128, 256]
        """;

    /// <summary>A generation counts when all of it is known: 4 + floor(3 ln 5) = 8 with five parameters.</summary>
    [Fact]
    public void Propose_PartOfAGeneration_ChangesNothing()
    {
        var searcher = Valid(Mixed).CreateSearcher();
        var points = SearchRun.Of(searcher, 60, Cost);
        // Generations of 8 begin at 10: the last that is whole among the first 41 ends at 34, and the next at 42.
        double Other(ParameterAssignment values) => points.IndexOf(values) >= 34 ? -Cost(values) : Cost(values);

        var same = searcher.Propose(41, SearchRun.History(points[..41], 41, Cost)).Values;
        var other = Valid(Mixed).CreateSearcher().Propose(41, SearchRun.History(points[..41], 41, Other)).Values;
        var whole = searcher.Propose(42, SearchRun.History(points[..42], 42, Cost)).Values;
        var changed = searcher.Propose(42, SearchRun.History(points[..42], 42, Other)).Values;

        Assert.Equal(same, other);
        Assert.NotEqual(whole, changed);
    }

    /// <summary>
    /// What stands for a failed one moves with the worst so far, and the ranks stay: no generation is worked out twice,
    /// and what is proposed is what a searcher without a memory proposes.
    /// </summary>
    [Fact]
    public void Propose_EverWorseWithOneFailed_WorksOutEachGenerationOnce()
    {
        var searcher = (CmaEsSearcher)Valid(Mixed).CreateSearcher();
        ConfigurationScore Change(int i, ConfigurationScore score) => i % 7 == 3
            ? score with { Mean = double.NaN, Missing = 1 }
            : score with { Mean = -i };

        var points = SearchRun.Of(searcher, 90, Cost, Change);

        // Generations of 8 from the tenth on, the last of them whole at 82 of 89.
        Assert.Equal(9, searcher.Worked);
        Assert.Equal(
            searcher.Propose(90, SearchRun.History(points, 89, Cost, Change)).Values,
            Valid(Mixed).CreateSearcher().Propose(90, SearchRun.History(points, 89, Cost, Change)).Values);
    }

    [Fact]
    public void Propose_MixedSpace_SettlesAndStillTriesOtherValues()
    {
        var points = SearchRun.Of(Valid(Mixed).CreateSearcher(), 300, Cost);
        var late = points.Skip(150).ToList();

        Assert.InRange(late.Count(v => v["optimizer"]!.Value.Text == "sgd"), 100, 149);
        Assert.InRange(late.Count(v => v["batch_size"]!.Value.Number == 64), 75, 149);
        // Margins: none of the values is lost.
        Assert.Equal(3, late.Select(v => v["optimizer"]!.Value.Text).Distinct().Count());
        Assert.Contains(late, v => v["batch_size"]!.Value.Number < 64);
        Assert.Contains(late, v => v["batch_size"]!.Value.Number > 64);
        Assert.True(points.Max(Cost) > -0.001, $"the best is {points.Max(Cost)}");
    }

    /// <summary>A distribution that has shrunk to a point begins anew: the other valley is found too.</summary>
    [Fact]
    public void Propose_Converged_BeginsElsewhere()
    {
        var searcher = Valid(Head + """
            method: cmaes
            run_cap: 1000
            lag: 1
            parameters:
              learning_rate: {min: 0.0, max: 1.0}
            """, "architectures=[linear]").CreateSearcher();

        var points = SearchRun.Of(searcher, 400, v => -Math.Abs(v["learning_rate"]!.Value.Number - 0.7))
            .Select(v => v["learning_rate"]!.Value.Number).ToList();

        Assert.InRange(points.Min(x => Math.Abs(x - 0.7)), 0, 1e-4);
        Assert.Equal(400, points.Distinct().Count());
        var settled = points.FindIndex(x => Math.Abs(x - 0.7) < 1e-4);
        Assert.InRange(settled, 20, 300);
        Assert.Contains(points.Skip(settled), x => Math.Abs(x - 0.7) > 0.05);
    }

    [Fact]
    public void Propose_FirstGuesses_ComeFirstAndCountForItsBeginning()
    {
        const string Guesses = "\nwarmup: 4\nstart_with:\n"
            + "  - {architecture: linear, optimizer: adam, learning_rate: 0.5, batch_size: 16}\n"
            + "  - {architecture: linear, optimizer: adam, learning_rate: 0.4, batch_size: 16}\n";
        var points = SearchRun.Of(
            Valid(Mixed + Guesses).CreateSearcher(), 12, v => v["learning_rate"]!.Value.Number);

        Assert.Equal([0.5, 0.4], points.Take(2).Select(v => v["learning_rate"]!.Value.Number));
        // The first generation is drawn around them: of random draws one in five is as large.
        Assert.InRange(points.Skip(5).Count(v => v["learning_rate"]!.Value.Number > 0.1), 3, 7);
    }

    /// <summary>
    /// What comes before the first draw is a Sobol' point whose numbers lie as a normal distribution of deviation 0.2
    /// around the middle has them: by its table the quantiles 0.1, 0.3085, 0.6915 and 0.9 at 0.2437, 0.4, 0.6 and
    /// 0.7563, but for a hundredth by which it is cut off.
    /// </summary>
    [Fact]
    public void Propose_Nothing_IsAnEvenPointNearerToTheMiddle()
    {
        var (searcher, even) = (Valid(Mixed).CreateSearcher(), Valid(Mixed, "method=sobol").CreateSearcher());
        var pairs = Enumerable.Range(0, 512)
            .Select(n => (Here: searcher.Propose(n, []).Values, Even: even.Propose(n, []).Values)).ToList();

        Assert.All(pairs, pair => Assert.Equal(pair.Even["optimizer"], pair.Here["optimizer"]));
        Assert.All(
            new[] { (0.1, 0.2437), (0.3085, 0.4), (0.6915, 0.6), (0.9, 0.7563) }, place => Assert.Equal(
                place.Item1, pairs.Count(pair => QuantileOf(pair.Here) < place.Item2) / 512.0, 0.01));
        Assert.Equal(
            pairs.Select(pair => QuantileOf(pair.Even)).Index().OrderBy(x => x.Item).Select(x => x.Index),
            pairs.Select(pair => QuantileOf(pair.Here)).Index().OrderBy(x => x.Item).Select(x => x.Index));

        static double QuantileOf(ParameterAssignment values) =>
            Math.Log10(values["learning_rate"]!.Value.Number) / 5 + 1;
    }

    /// <summary>
    /// Of 64 draws from one distribution the middle is known 64 times as well as the distribution is wide: independent
    /// ones would miss it by an eighth of the deviation, even ones only by what the few do that are drawn again at the
    /// border. Names are as even.
    /// </summary>
    [Fact]
    public void Propose_SameKnown_SpreadsEvenly()
    {
        var searcher = Valid(Mixed, "lag=500").CreateSearcher();
        var points = SearchRun.Of(searcher, 10, Cost);
        var history = SearchRun.History(points, 10, Cost);
        var blocks = Enumerable.Range(1, 6).Select(block => Enumerable.Range(64 * block, 64)
            .Select(n => searcher.Propose(n, history).Values).ToList()).ToList();

        var rates = blocks.Select(block => block.Select(v => Math.Log10(v["learning_rate"]!.Value.Number)).ToList())
            .ToList();
        var middle = rates.Average(block => block.Average());
        var deviation = Math.Sqrt(rates.SelectMany(block => block).Average(x => (x - middle) * (x - middle)));
        Assert.InRange(deviation, 0.3, 1);
        Assert.All(rates, block => Assert.InRange(Math.Abs(block.Average() - middle) / deviation, 0, 0.06));
        foreach (var name in new[] { "sgd", "adam", "rmsprop" })
        {
            var counts = blocks.Select(block => block.Count(v => v["optimizer"]!.Value.Text == name)).ToList();
            Assert.InRange(counts.Max() - counts.Min(), 0, 5);
        }
    }

    /// <summary>
    /// The least value of Rosenbrock's function in 10 coordinates from -5 to 10 after so many configurations: medians
    /// of 100 seeds of Optuna's CmaEsSampler (5.0.0.dev with CyberAgentAILab's cmaes 0.13.1).
    /// </summary>
    [Fact]
    public void Propose_Rosenbrock_IsNotWorseThanAnotherProgram()
    {
        var names = Enumerable.Range(0, 10).Select(i => $"x{i}").ToArray();
        var bounds = new Bounds(double.NegativeInfinity, double.PositiveInfinity, false, false);
        var space = new SearchSpace(
            [
                new("architecture", [new([], new ChoiceDomain([ParameterValue.Of("mlp-5")], []))]),
                .. names.Select(name => new SearchedParameter(
                    name, [new([], new RangeDomain(-5, 10, IsLog: false, null, bounds))])),
            ],
            [],
            Epochs: 1);
        double Value(ParameterAssignment values)
        {
            var x = Array.ConvertAll(names, name => values[name]!.Value.Number);
            return Enumerable.Range(0, 9).Sum(i =>
                100 * (x[i + 1] - x[i] * x[i]) * (x[i + 1] - x[i] * x[i]) + (1 - x[i]) * (1 - x[i]));
        }

        var values = Enumerable.Range(1, 20).Select(seed => SearchRun.Of(
            SearchMethod.CmaEs.CreateSearcher(space, new(seed, Minimizes: false, 1, 10, [])), 200, v => -Value(v))
            .Select(Value).ToList()).ToList();

        double MedianAfter(int count)
        {
            var sorted = values.Select(run => run.Take(count).Min()).Order().ToList();
            return (sorted[9] + sorted[10]) / 2;
        }

        Assert.InRange(MedianAfter(50), 0, 7_000);
        Assert.InRange(MedianAfter(100), 0, 2_200);
        Assert.InRange(MedianAfter(200), 0, 413);
    }

    /// <summary>Best, 0, with sgd, momentum 0.8, a rate of 0.01 and batches of 64.</summary>
    private static double Cost(ParameterAssignment values)
    {
        var rate = Math.Log10(values["learning_rate"]!.Value.Number) + 2;
        var batch = Math.Log2(values["batch_size"]!.Value.Number) - 6;
        var momentum = values["momentum"] is { } m ? m.Number - 0.8 : 1;
        return -(rate * rate + momentum * momentum + batch * batch / 10);
    }
}
