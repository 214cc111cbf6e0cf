using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>A table with several labels a row, from its file to pages, reports and answers.</summary>
public sealed class SeveralLabelsRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>What the sweep says of the test set is what its model says when asked.</summary>
    [Theory]
    [InlineData("labels: [low, high, wide]", true)]
    [InlineData("labels: tags, label_separator: ;", false)]
    [Trait("Speed", "slow")]
    public async Task Run_SeveralLabels_AreReportedAndPredictedEach(string labels, bool isHot)
    {
        Write("boxes.csv", Boxes(200, isHot));
        WriteSweep(labels, "metric: validation_f1");

        var run = await _place.RunAsync("run", _place.SweepFile, "--json");
        Assert.True(run.Code == 0, run.Error);
        var reported = run.Json().GetProperty("labels").EnumerateArray().ToList();
        var shown = await _place.RunAsync("show", "boxes");
        var trial = await _place.RunAsync("show", "boxes", "--trial", "refit", "--json");
        var page = await File.ReadAllTextAsync(_place.Results("boxes", "report.html"));
        var judged = (await _place.RunAsync("evaluate", "boxes", "--json")).Json();
        var told = await _place.RunAsync("evaluate", "boxes", "--roc", "high");
        var csv = Path.Combine(_place.Folder, "answers.csv");
        var rows = Write("rows.csv", isHot
            ? "b,a,low,high,wide\n5,-5,1,0,1\n-5,5,,,\n" : "b,a,tags\n5,-5,low;wide\n-5,5,high\n");
        var asked = await _place.RunAsync("predict", "boxes", rows, "--json", "--csv", csv);
        var text = await _place.RunAsync("predict", "boxes", rows);

        string[] names = isHot ? ["low", "high", "wide"] : ["high", "low", "wide"];
        Assert.Equal(names, reported.Select(label => label.GetProperty("name").GetString()));
        foreach (var (label, own) in reported.Zip(judged.GetProperty("labels").EnumerateArray()))
        {
            Assert.InRange(label.GetProperty("f1").GetDouble(), 0.8, 1);
            Assert.Equal(label.GetProperty("confusion").GetRawText(), own.GetProperty("confusion").GetRawText());
            foreach (var key in (string[])["precision", "recall", "f1", "roc_auc", "accuracy"])
                Assert.Equal(label.GetProperty(key).GetDouble(), own.GetProperty(key).GetDouble(), 1e-5);
        }

        Assert.Equal(
            reported.Average(label => label.GetProperty("accuracy").GetDouble()),
            run.Json().GetProperty("test_accuracy").GetDouble(), 1e-9);
        Assert.Equal(
            judged.GetProperty("exact_match").GetDouble(),
            run.Json().GetProperty("test_exact_match").GetDouble(), 1e-9);
        Assert.Equal(
            reported.Average(label => label.GetProperty("f1").GetDouble()),
            judged.GetProperty("macro_f1").GetDouble(), 1e-9);
        Assert.Equal(3, trial.Json().GetProperty("result").GetProperty("labels").GetArrayLength());
        Assert.Contains("mean of labels", shown.Output, StringComparison.Ordinal);
        Assert.Contains("of all labels of the test samples rightly", page, StringComparison.Ordinal);
        Assert.Contains("ROC curve of high", told.Output, StringComparison.Ordinal);
        Assert.Contains("mean of labels", told.Output, StringComparison.Ordinal);

        var answers = asked.Json().GetProperty("predictions").EnumerateArray().ToList();
        AssertNames(["low", "wide"], answers[0].GetProperty("predicted"));
        AssertNames(["low", "wide"], answers[0].GetProperty("truth"));
        AssertNames(["high"], answers[1].GetProperty("predicted"));
        Assert.Equal(3, answers[0].GetProperty("probabilities").EnumerateObject().Count());
        var lines = await File.ReadAllLinesAsync(csv);
        Assert.StartsWith(
            $"sample,true {names[0]},predicted {names[0]},probability of {names[0]},", lines[0],
            StringComparison.Ordinal);
        Assert.Contains("predicted low, wide: right", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "data.labels", "labels: [low, hihg]", "did you mean 'high'?")]
    [InlineData(3, "data.labels", "labels: [low, low]", "the label 'low' is named twice")]
    [InlineData(9, "metric", "labels: [low, high]", "are several labels", "metric: validation_top_3_accuracy")]
    [InlineData(9, "metric", "labels: [low, high]", "are several labels", "metric: validation_r2")]
    [InlineData(9, "class_weights", "labels: [low, high]", "the data have several labels", "class_weights: {low: 2}")]
    [InlineData(4, "parameters.loss", "labels: [low, high]", "does not fit several labels", "", "cross_entropy")]
    [InlineData(4, "parameters.loss", "labels: [low, high]", "does not fit several labels", "", "mean_squared_error")]
    [InlineData(9, "architectures", "labels: [low, high]", "2 outputs", "architectures: [dense 3]")]
    [InlineData(9, "architectures", "labels: [low, high]", "the data have 2 labels", "architectures: [dense 1]")]
    [InlineData(9, "architectures", "labels: [low, high]", "ends with a softmax", "architectures: [dense softmax]")]
    public async Task Run_WhatDoesNotFitLabels_IsRefusedAtItsLine(
        int line, string key, string labels, string says, string more = "", string? loss = null)
    {
        Write("boxes.csv", Boxes(30, true));
        WriteSweep(labels, more, loss);

        var run = await _place.RunAsync("run", _place.SweepFile);

        Assert.InRange(run.Code, 2, 3);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Matches($@"tiny\.yaml:{line}:[0-9]+: {key}: ", run.Error);
    }

    /// <summary>From the command line; the model's own table needs no words.</summary>
    [Fact]
    public async Task Train_LabelsOfTheCommandLine_AreThoseOfTheModel()
    {
        var table = Write("boxes.csv", Boxes(200, false));
        var model = Path.Combine(_place.Folder, "model");
        var trained = await Workplace.RunElsewhereAsync(
            "train", "--data", table, "--labels", "tags", "--label-separator", ";", "--architecture",
            "dense 8 tanh | dense", "--optimizer", "adam", "--learning-rate", "0.05", "--batch-size", "20",
            "--epochs", "40", "--save", model);
        Assert.True(trained.Code == 0, trained.Error);
        Assert.Contains("all labels right", trained.Output, StringComparison.Ordinal);
        Assert.Contains("wide: precision", trained.Output, StringComparison.Ordinal);

        var shown = await Workplace.RunElsewhereAsync(
            "data", "show", table, "--labels", "tags", "--label-separator", ";");
        var own = await Workplace.RunElsewhereAsync("evaluate", model, "--data", table);
        var drawn = await Workplace.RunElsewhereAsync(
            "evaluate", model, "--data", table, "--picture", Path.Combine(_place.Folder, "p.png"));
        var none = await Workplace.RunElsewhereAsync("evaluate", model, "--data", table, "--roc", "hihg");
        var rows = await Workplace.RunElsewhereAsync(
            "evaluate", model, "--data", Write("rows.csv", Boxes(40, false)), "--json");

        Assert.Contains("multi-label classification", shown.Output, StringComparison.Ordinal);
        Assert.True(own.Code == 0, own.Error);
        Assert.Contains("mean of labels", own.Output, StringComparison.Ordinal);
        Assert.Contains("predicts several labels", drawn.Error, StringComparison.Ordinal);
        Assert.Contains("there is no label 'hihg'; did you mean 'high'?", none.Error, StringComparison.Ordinal);
        Assert.Equal(40, rows.Json().GetProperty("samples").GetInt32());
        Assert.InRange(rows.Json().GetProperty("accuracy").GetDouble(), 0.85, 1);
    }

    private static void AssertNames(string[] names, JsonElement list) =>
        Assert.Equal(names, list.EnumerateArray().Select(name => name.GetString()!).Order(StringComparer.Ordinal));

    // low: a < 0; high: a > 1; wide: b > 0.
    private static string Boxes(int count, bool isHot)
    {
        var text = new StringBuilder(isHot ? "a,low,high,wide,b\n" : "a,tags,b\n");
        for (var i = 0; i < count; i++)
        {
            var (a, b) = ((i * 7 % 13) - 6, (i * 5 % 11) - 5);
            (string Name, bool IsThere)[] labels = [("low", a < 0), ("high", a > 1), ("wide", b > 0)];
            var written = isHot ? string.Join(',', labels.Select(label => label.IsThere ? 1 : 0))
                : string.Join(';', labels.Where(label => label.IsThere).Select(label => label.Name));
            text.Append(CultureInfo.InvariantCulture, $"{a},{written},{b}\n");
        }

        return text.ToString();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_place.Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private void WriteSweep(string labels, string more, string? loss = null)
    {
        var other = loss is null ? "" : $", loss: {loss}";
        File.WriteAllText(_place.SweepFile, $$"""
        name: boxes
        seed: 1
        data: {path: boxes.csv, {{labels}}}
        parameters: {learning_rate: [0.05, 0.1], batch_size: 10, optimizer: adam{{other}}}
        folds: 2
        epochs: 40
        {{(more.StartsWith("architectures", StringComparison.Ordinal) ? "" : "architectures: [dense 8 tanh | dense]")}}

        {{more}}
        """);
    }
}
