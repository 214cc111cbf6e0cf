using System.Text;
using System.Text.Json;

namespace Sweeps.Client.Tests.Networks;

/// <summary>A saved model of a table, asked about other files from the command line.</summary>
public sealed class TableModelCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>The same rows as the model's own test part, without its label, and as a table of their own.</summary>
    [Fact]
    public async Task PredictAndEvaluate_RowsOfAnotherTable_AreWhatTheTestPartGives()
    {
        var model = await TrainAsync();
        var own = (await Workplace.RunElsewhereAsync(
            "predict", model, "--data", Place("flowers.csv"), "--index", "0..3", "--json")).Json();
        var rows = Write("rows.csv", "name,height,size\nw,1.5,2\nx,2.5,4\ny,8,3\nz,9,5\n");
        var labelled = Write("labelled.csv", "kind,height,size\nsmall,1.5,2\nsmall,2.5,4\ntall,8,3\nsmall,9,5\n");
        var csv = Place("answers.csv");

        var without = await Workplace.RunElsewhereAsync("predict", model, rows, "--json", "--csv", csv);
        var with = (await Workplace.RunElsewhereAsync("predict", model, "--data", labelled, "--json")).Json();
        var judged = (await Workplace.RunElsewhereAsync("evaluate", model, "--data", labelled, "--json")).Json();

        foreach (var found in (JsonElement[])[without.Json(), with])
        {
            Assert.Equal(Probabilities(own), Probabilities(found));
        }

        Assert.Contains("'name' of this file, not in the model's table, is ignored", without.Error,
            StringComparison.Ordinal);
        Assert.Equal((4, 0.75), (judged.GetProperty("samples").GetInt32(), judged.GetProperty("accuracy").GetDouble()));
        var lines = await File.ReadAllLinesAsync(csv);
        Assert.Equal("sample,true,predicted,small,tall", lines[0]);
        Assert.Equal(["0,,small", "1,,small", "2,,tall", "3,,tall"],
            lines.Skip(1).Select(line => string.Join(',', line.Split(',').Take(3))));
    }

    [Theory]
    [InlineData("the class 'middle' is none of the model's: small, tall", "evaluate", "--data", "middle.csv")]
    [InlineData("there is no label column 'kind'", "evaluate", "--data", "rows.csv")]
    [InlineData("--part has no effect on ", "predict", "--data", "rows.csv", "--part", "training")]
    [InlineData("There is no file 'nowhere.csv'", "predict", "--data", "nowhere.csv")]
    [InlineData("one CSV file at a time", "predict", "rows.csv", "rows.csv")]
    [InlineData("'seven.png' is a picture, and the model takes rows of a table: name one CSV file with the columns "
        + "size, height.", "predict", "seven.png")]
    [InlineData("'b.JPG' is a picture", "predict", "rows.csv", "b.JPG")]
    [InlineData("--group has no effect on ", "predict", "rows.csv", "--group", "size")]
    [InlineData("not both", "predict", "rows.csv", "--index", "0")]
    public async Task Ask_WhatCannotBeAnswered_IsRefusedWithTheReason(string says, params string[] arguments)
    {
        var model = await TrainAsync();
        Write("rows.csv", "height,size\n1.5,2\n");
        Write("middle.csv", "height,size,kind\n1.5,2,middle\n");
        string[] here = [.. arguments.Select(word => File.Exists(Place(word)) ? Place(word) : word)];

        var answer = await Workplace.RunElsewhereAsync([here[0], model, .. here[1..]]);

        Assert.InRange(answer.Code, 2, 3);
        Assert.Contains(says, answer.Error, StringComparison.Ordinal);
    }

    /// <summary>A model of before: its own table as ever, others refused with the way out.</summary>
    [Fact]
    public async Task Predict_ModelWithoutItsColumns_SaysWhatIsMissing()
    {
        var model = await TrainAsync();
        var file = Path.Combine(model, "model.safetensors");
        var bytes = await File.ReadAllBytesAsync(file);
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("\"table\":"));
        bytes[at + 1] = (byte)'_';
        await File.WriteAllBytesAsync(file, bytes);
        var rows = Write("rows.csv", "height,size\n1.5,2\n");

        var own = await Workplace.RunElsewhereAsync("evaluate", model, "--data", Place("flowers.csv"));
        var others = await Workplace.RunElsewhereAsync("predict", model, rows);

        Assert.Equal(0, own.Code);
        Assert.Equal(3, others.Code);
        Assert.Contains("did not keep the names and the scaling", others.Error, StringComparison.Ordinal);
        Assert.Contains("Train it again", others.Error, StringComparison.Ordinal);
    }

    private async Task<string> TrainAsync()
    {
        var text = new StringBuilder("size,height,kind\n");
        for (var i = 0; i < 40; i++)
            text.Append(i % 7).Append(',').Append(i % 10).Append(i % 10 < 5 ? ",small\n" : ",tall\n");
        Write("flowers.csv", text.ToString());
        Write("flowers-test.csv", "size,height,kind\n2,1.5,small\n4,2.5,small\n3,8,tall\n5,9,tall\n");
        var model = Place("model");
        var answer = await Workplace.RunElsewhereAsync(
            "train", "--data", Place("flowers.csv"), "--architecture", "dense", "--epochs", "60", "--batch-size", "8",
            "--learning-rate", "0.1", "--save", model);
        Assert.Equal(0, answer.Code);
        return model;
    }

    private static IEnumerable<string> Probabilities(JsonElement answer) =>
        answer.GetProperty("predictions").EnumerateArray().Select(each => $"{each.GetProperty("probabilities")}");

    private string Place(string name) => Path.Combine(_place.Folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(Place(name), text);
        return Place(name);
    }
}
