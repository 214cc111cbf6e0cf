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

    /// <summary>Best, 0, with sgd, momentum 0.8, a rate of 0.01 and batches of 64.</summary>
    private static double Cost(ParameterAssignment values)
    {
        var rate = Math.Log10(values["learning_rate"]!.Value.Number) + 2;
        var batch = Math.Log2(values["batch_size"]!.Value.Number) - 6;
        var momentum = values["momentum"] is { } m ? m.Number - 0.8 : 1;
        return -(rate * rate + momentum * momentum + batch * batch / 10);
    }
}
