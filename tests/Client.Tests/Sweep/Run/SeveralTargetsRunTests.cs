using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>A table of which two columns are predicted together, from its file to pages, reports and answers.</summary>
public sealed class SeveralTargetsRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>x = a + 2b and y = 3 - a: what the sweep says of the test set is what its model says when asked, in
    /// both orders of the file's columns.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public async Task Run_TwoTargets_AreReportedAndPredictedEach()
    {
        Write("planes.csv", Planes(80, "x,a,y,b"));
        WriteSweep("target: [x, y]", "metric: validation_r2");

        var run = await _place.RunAsync("run", _place.SweepFile, "--json");
        Assert.True(run.Code == 0, run.Error);
        var targets = run.Json().GetProperty("targets").EnumerateArray().ToList();
        var shown = await _place.RunAsync("show", "planes");
        var page = await File.ReadAllTextAsync(_place.Results("planes", "report.html"));
        var judged = (await _place.RunAsync("evaluate", "planes", "--json")).Json();
        var csv = Path.Combine(_place.Folder, "answers.csv");
        var rows = Write("rows.csv", "b,y,a\n2,3,0\n1,,4\n");
        var asked = await _place.RunAsync("predict", "planes", rows, "--json", "--csv", csv);
        var text = await _place.RunAsync("predict", "planes", rows);

        Assert.Equal(["x", "y"], targets.Select(target => target.GetProperty("name").GetString()));
        foreach (var (target, own) in targets.Zip(judged.GetProperty("targets").EnumerateArray()))
        {
            Assert.InRange(target.GetProperty("r2").GetDouble(), 0.9, 1);
            foreach (var key in (string[])["mean_absolute_error", "mean_squared_error", "r2"])
                Assert.Equal(target.GetProperty(key).GetDouble(), own.GetProperty(key).GetDouble(), 1e-5);
        }

        var mean = targets.Average(target => target.GetProperty("r2").GetDouble());
        Assert.Equal(mean, judged.GetProperty("r2").GetDouble(), 1e-5);
        Assert.Contains("mean of targets", shown.Output, StringComparison.Ordinal);
        Assert.Contains("of the targets x ", page, StringComparison.Ordinal);

        var answers = asked.Json().GetProperty("predictions").EnumerateArray().ToList();
        AssertNear(4, 3, answers[0].GetProperty("predicted"));
        AssertNear(6, -1, answers[1].GetProperty("predicted"));
        Assert.All(answers, answer => Assert.Equal(JsonValueKind.Null, answer.GetProperty("truth").ValueKind));
        var lines = await File.ReadAllLinesAsync(csv);
        Assert.Equal("sample,true x,predicted x,true y,predicted y", lines[0]);
        Assert.StartsWith("0,,", lines[1], StringComparison.Ordinal);
        Assert.Contains("predicted y ", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "data.target", "target: [x, z]", "there is no target column 'z'")]
    [InlineData(3, "data.target", "target: [x, x]", "the target 'x' is named twice")]
    [InlineData(9, "metric", "target: [x, y]", "validation_accuracy", "metric: validation_accuracy")]
    [InlineData(9, "class_weights", "target: [x, y]", "class weights need classes", "class_weights: {a: 2}")]
    [InlineData(9, "architectures", "target: [x, y]", "2 outputs", "architectures: [dense 3]")]
    [InlineData(9, "architectures", "target: [x, y]", "the data have 2 targets", "architectures: [dense 1]")]
    public async Task Run_WhatDoesNotFitTargets_IsRefusedAtItsLine(
        int line, string key, string target, string says, string more = "")
    {
        Write("planes.csv", Planes(30, "x,a,y,b"));
        WriteSweep(target, more);

        var run = await _place.RunAsync("run", _place.SweepFile);

        Assert.InRange(run.Code, 2, 3);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Matches($@"tiny\.yaml:{line}:[0-9]+: {key}: ", run.Error);
    }

    /// <summary>From the command line, with --target; the model's own table needs no words, another order is another
    /// model.</summary>
    [Fact]
    public async Task Train_TargetsOfTheCommandLine_AreThoseOfTheModel()
    {
        var table = Write("planes.csv", Planes(80, "x,a,y,b"));
        var model = Path.Combine(_place.Folder, "model");
        var trained = await Workplace.RunElsewhereAsync(
            "train", "--data", table, "--target", "y,x", "--architecture", "dense", "--learning-rate", "0.05",
            "--batch-size", "8", "--epochs", "300", "--save", model);
        Assert.True(trained.Code == 0, trained.Error);
        Assert.Contains(" of y, R2 1.0", trained.Output, StringComparison.Ordinal);

        var shown = await Workplace.RunElsewhereAsync("data", "show", table, "--target", "y,x");
        var own = await Workplace.RunElsewhereAsync("evaluate", model, "--data", table);
        var other = await Workplace.RunElsewhereAsync("evaluate", model, "--data", table, "--target", "x,y");
        var rows = await Workplace.RunElsewhereAsync(
            "evaluate", model, "--data", Write("rows.csv", Planes(10, "b,x,y,a")), "--json");
        var without = await Workplace.RunElsewhereAsync(
            "evaluate", model, "--data", Write("without.csv", "a,b,x\n1,2,5\n"));

        Assert.Contains("regression, 2 targets", shown.Output, StringComparison.Ordinal);
        Assert.True(own.Code == 0, own.Error);
        Assert.Contains("mean of targets", own.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, other.Code);
        Assert.Equal(10, rows.Json().GetProperty("samples").GetInt32());
        Assert.InRange(rows.Json().GetProperty("r2").GetDouble(), 0.9, 1);
        Assert.Equal(3, without.Code);
        Assert.Contains("not all of the targets y, x are there", without.Error, StringComparison.Ordinal);
    }

    private static void AssertNear(double x, double y, JsonElement predicted)
    {
        Assert.Equal(x, predicted.GetProperty("x").GetDouble(), 1.0);
        Assert.Equal(y, predicted.GetProperty("y").GetDouble(), 1.0);
    }

    private static string Planes(int count, string header)
    {
        var text = new StringBuilder(header).Append('\n');
        for (var i = 0; i < count; i++)
        {
            var (a, b) = (i * 7 % 13, i * 5 % 11);
            text.AppendJoin(',', header.Split(',').Select(name => (name switch
            {
                "a" => a,
                "b" => b,
                "x" => a + (2 * b),
                _ => 3 - a,
            }).ToString(CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_place.Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private void WriteSweep(string target, string more) => File.WriteAllText(_place.SweepFile, $$"""
        name: planes
        seed: 1
        data: {path: planes.csv, task: regression, {{target}}}
        parameters: {learning_rate: [0.05, 0.1], batch_size: 10, optimizer: adam}
        folds: 2
        epochs: 300
        {{(more.StartsWith("architectures", StringComparison.Ordinal) ? "" : "architectures: [dense]")}}

        {{more}}
        """);
}
