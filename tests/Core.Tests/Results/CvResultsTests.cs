using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Decisions;
using Sweeps.Core.Tests.Log;

namespace Sweeps.Core.Tests.Results;

public sealed class CvResultsTests
{
    private static List<Dictionary<string, string>> Read(SweepState state)
    {
        using var writer = new StringWriter();
        CvResults.Write(state, writer);
        var lines = writer.ToString().TrimEnd('\n').Split('\n').Select(Cells).ToList();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary())];
    }

    // A reader of its own: RFC 4180 without line breaks in cells.
    private static List<string> Cells(string line)
    {
        var cells = new List<string> { "" };
        var quoted = false;
        for (var index = 0; index < line.Length; index++)
        {
            if (line[index] == '"' && quoted && index + 1 < line.Length && line[index + 1] == '"')
                cells[^1] += line[index++];
            else if (line[index] == '"')
                quoted = !quoted;
            else if (line[index] == ',' && !quoted)
                cells.Add("");
            else
                cells[^1] += line[index];
        }

        return cells;
    }

    /// <summary>
    /// numpy: std([0.5, 0.7, 0.9]) = 0.16329931618554519 (divisor n), mean 0.7000000000000001 in one order of sums
    /// and 0.7 in another.
    /// </summary>
    [Fact]
    public void Write_HandMadeFolds_HasScikitLearnsNumbers()
    {
        var row = Read(ScoredSweep.Of(([0.5, 0.7, 0.9], 10, 4)))[0];
        Assert.Equal("0.5", row["split0_test_score"]);
        Assert.Equal("0.9", row["split2_test_score"]);
        Assert.Equal(0.7, double.Parse(row["mean_test_score"]), 12);
        Assert.Equal(0.16329931618554519, double.Parse(row["std_test_score"]), 12);
        Assert.Equal("4", row["mean_fit_time"]);
        Assert.Equal("0", row["std_fit_time"]);
        Assert.Equal("0.5", row["mean_score_time"]);
        Assert.Equal(
            "{'architecture': 'mlp-0', 'batch_size': 32, 'epochs': 3, 'learning_rate': 0.001, 'optimizer': 'adam'}",
            row["params"]);
        Assert.Equal("mlp-0", row["param_architecture"]);
        Assert.Equal("0.001", row["param_learning_rate"]);
        Assert.Equal(0.2, double.Parse(row["standard_deviation"]), 12);
    }

    [Fact]
    public void Write_NamedArchitecture_HasTheUsersName()
    {
        using var writer = new StringWriter();
        var state = ScoredSweep.Of(([0.5, 0.7], 10, 4));
        CvResults.Write(state, writer, text => text == "mlp-0" ? "mine" : text);
        Assert.Contains("'architecture': 'mine'", writer.ToString(), StringComparison.Ordinal);
        var document = ResultsDocument.Of(state, name: _ => "mine");
        Assert.Equal(("mine", "mlp-0"), (document.Best!.Architecture, document.Best.Layers));
        Assert.Null(ResultsDocument.Of(state, name: text => text).Best!.Layers);
    }

    [Fact]
    public void Write_EqualMeans_ShareTheBetterRankInRowOrder()
    {
        var rows = Read(ScoredSweep.Of(
            ([0.5, 0.5], 9, 1), ([0.75, 0.75], 9, 1), ([0.5, 0.5], 1, 1), ([double.NaN, double.NaN], 1, 1)));
        Assert.Equal(["0", "1", "2", "3"], rows.Select(row => row["configuration"]));
        Assert.Equal(["2", "1", "2", "4"], rows.Select(row => row["rank_test_score"]));
        Assert.Equal("2", rows[3]["diverged_folds"]);
    }

    /// <summary>param_epochs is what was planned: how far it came stands beside it, and the rank goes by it first.
    /// </summary>
    [Fact]
    public void Write_StoppedConfigurations_SayHowFarTheyCameAndRankByIt()
    {
        var sweep = new TestSweep(TestPlans.Scheduled(7, 2));
        sweep.RunToEnd();

        var rows = Read(sweep.State).ConvertAll(row => (
            Stopped: row["stopped_folds"] != "0", Folds: int.Parse(row["trained_folds"]),
            Epochs: int.Parse(row["trained_epochs"]), Rank: int.Parse(row["rank_test_score"])));

        var whole = rows.Where(row => !row.Stopped).ToList();
        var stopped = rows.Where(row => row.Stopped).ToList();
        Assert.NotEmpty(stopped);
        Assert.All(whole, row => Assert.Equal(2, row.Folds));
        Assert.All(stopped, row => Assert.True(row.Folds < 2 || row.Epochs < whole.Max(one => one.Epochs)));
        Assert.All(stopped, row => Assert.True(row.Rank > whole.Max(one => one.Rank)));
        Assert.Equal(
            stopped.OrderBy(row => row.Rank).Select(row => (row.Folds, row.Epochs)),
            stopped.OrderByDescending(row => row.Folds).ThenByDescending(row => row.Epochs)
                .Select(row => (row.Folds, row.Epochs)));
    }

    [Fact]
    public void Write_EveryRow_HasEveryColumn()
    {
        var sweep = new TestSweep(TestPlans.Plan(5));
        sweep.RunToEnd();
        using var writer = new StringWriter();
        CvResults.Write(sweep.State, writer);
        var lines = writer.ToString().TrimEnd('\n').Split('\n').Select(Cells).ToList();
        Assert.Equal(6, lines.Count);
        Assert.All(lines, line => Assert.Equal(lines[0].Count, line.Count));
        Assert.Equal(lines[0].Count, lines[0].Distinct().Count());
    }
}
