using System.Globalization;
using System.Text.Json;

namespace Sweeps.Client.Tests.Networks;

/// <summary>Tables with missing cells, texts, decimal commas or pixels, from the command line: what the words gave in
/// the training is done alike to new rows.</summary>
public sealed class TableWordsTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task TrainThenAsk_MissingCellsAndTexts_TreatsNewRowsAsTheTestPart()
    {
        static string Person(int i) => string.Join(
            ',', $"p {i}", i % 7 == 3 ? "" : $"{20 + i}", i % 3 == 0 ? "male" : "female", $"{i % 5}",
            i % 3 == 0 ? "no" : "yes");
        var data = Write("people.csv",
            "id,age,sex,fare,alive\n" + string.Concat(Enumerable.Range(0, 40).Select(i => Person(i) + "\n")));
        Write("people-test.csv", "id,age,sex,fare,alive\nq,,male,2,no\nr,33,other,1,yes\ns,21,female,0,yes\n");
        var model = Place("model");
        string[] words = ["--ignore", "id", "--impute", "mean", "--one-hot", "text"];

        var shown = await Workplace.RunElsewhereAsync(["data", "show", data, "--json", .. words]);
        var trained = await Workplace.RunElsewhereAsync(
        [
            "train", "--data", data, "--architecture", "dense 4 relu | dense", "--epochs", "3", "--save", model,
            .. words,
        ]);
        Assert.True(trained.Code == 0, trained.Error);
        // Its own table is found without the words.
        var own = await Workplace.RunElsewhereAsync("predict", model, "--data", data, "--index", "0..2", "--json");
        var rows = Write("rows.csv", "fare;sex;age\n2,0;male;\n1;other;33\n0;female;21,0\n");
        var asked = await Workplace.RunElsewhereAsync("predict", model, rows, "--decimal", ",", "--json");
        var judged = await Workplace.RunElsewhereAsync(
            "evaluate", model, "--data", Place("people-test.csv"), "--json");

        Assert.Equal(Probabilities(own.Json()), Probabilities(asked.Json()));
        Assert.Equal(3, judged.Json().GetProperty("samples").GetInt32());
        Assert.Contains("1 of 3 cells of 'age' are missing: ", asked.Error, StringComparison.Ordinal);
        Assert.Contains("7 of 43 cells of 'age' are missing: ", trained.Error, StringComparison.Ordinal);
        Assert.Contains("'sex' is one-hot encoded as 2 features: 'female', 'male'", trained.Error,
            StringComparison.Ordinal);
        var columns = shown.Json().GetProperty("columns").EnumerateArray().ToList();
        Assert.Equal("ignored", columns[0].GetProperty("role").GetString());
        var ages = Enumerable.Range(0, 40).Where(i => i % 7 != 3).Average(i => 20.0 + i);
        Assert.Equal(ages, columns[1].GetProperty("fill").GetDouble(), 6);
        Assert.Equal(["female", "male"], columns[2].GetProperty("levels").EnumerateArray().Select(l => l.GetString()));
    }

    [Fact]
    public async Task Train_PixelsOfATable_IsAModelOfPicturesThatTakesRows()
    {
        var pixels = string.Join(',', Enumerable.Range(0, 16).Select(i => $"pixel{i}"));
        string Row(int i) => string.Join(',', Enumerable.Range(0, 16).Select(
            at => (at % 4 < 2) == (i % 2 == 0) ? (200 + i) : 10));
        var data = Write("drawn.csv", $"label,{pixels}\n"
            + string.Concat(Enumerable.Range(0, 40).Select(i => $"{(i % 2 == 0 ? "left" : "right")},{Row(i)}\n")));
        var model = Place("model");

        var shown = await Workplace.RunElsewhereAsync("data", "show", data, "--shape", "4x4x1");
        var trained = await Workplace.RunElsewhereAsync(
            "train", "--data", data, "--shape", "4x4", "--architecture", "conv 4 3x3 same relu | flatten | dense",
            "--augment-shift", "0.1", "--epochs", "20", "--learning-rate", "0.02", "--save", model);
        var rows = Write("new.csv", $"{pixels}\n{Row(2)}\n{Row(5)}\n");
        var asked = await Workplace.RunElsewhereAsync("predict", model, rows, "--json");

        Assert.Contains("4 x 4 pixels, 1 channel", shown.Output, StringComparison.Ordinal);
        Assert.True(trained.Code == 0, trained.Error);
        Assert.Equal(["left", "right"], asked.Json().GetProperty("predictions").EnumerateArray()
            .Select(each => each.GetProperty("predicted").GetString()));
    }

    [Theory]
    [InlineData("--impute", "zero", "expected mean, median or most_frequent")]
    [InlineData("--shape", "4x4x2", "channels 1 or 3")]
    [InlineData("--ignore", "a,,b", "the names or indices of columns")]
    public async Task Show_WordsThatAreNone_AreRefused(string option, string value, string says)
    {
        var answer = await Workplace.RunElsewhereAsync("data", "show", Write("t.csv", "a,b\n1,2\n"), option, value);
        Assert.InRange(answer.Code, 1, 3);
        Assert.Contains(says, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_NamedDataWithWordsOfATable_IsRefused()
    {
        var answer = await Workplace.RunElsewhereAsync("data", "show", "digits", "--impute", "mean");
        Assert.Contains("--impute is for CSV files; digits is none", answer.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Probabilities(JsonElement answer) =>
        answer.GetProperty("predictions").EnumerateArray().SelectMany(
            each => each.GetProperty("probabilities").EnumerateObject()
                .Select(pair => pair.Value.GetDouble().ToString("R", CultureInfo.InvariantCulture)));

    private string Place(string name) => Path.Combine(_place.Folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(Place(name), text);
        return Place(name);
    }
}
