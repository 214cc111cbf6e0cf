using System.Text.Json;
using SkiaSharp;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Training.Data;

namespace Sweeps.Client.Tests.Networks;

/// <summary>
/// <c>sweeps evaluate</c> and <c>sweeps predict</c>, on a model of <c>train</c> and on one of a sweep.
/// </summary>
public sealed class SavedModelCommandTests(FinishedSweep sweep) : IClassFixture<FinishedSweep>
{
    [Fact]
    public async Task Evaluate_SavedModel_HasTheTestNumbersOfItsTraining()
    {
        var folder = Path.Combine(sweep.Place.Folder, "trained");
        var trained = (await Workplace.RunElsewhereAsync(
            "train", "--samples", "600", "--epochs", "2", "--architecture", "mlp-5", "--json", "--save", folder))
            .Json();
        var csv = Path.Combine(sweep.Place.Folder, "answers.csv");

        var answer = await Workplace.RunElsewhereAsync("evaluate", folder, "--json", "--csv", csv, "--roc", "3");

        var found = answer.Json();
        Assert.Equal(Number(trained, "test_accuracy"), Number(found, "accuracy"));
        Assert.Equal(Number(trained, "test_loss"), Number(found, "loss"));
        Assert.Equal(trained.GetProperty("confusion").ToString(), found.GetProperty("confusion").ToString());
        Assert.Equal(10, found.GetProperty("classes").GetArrayLength());
        Assert.True(found.GetProperty("roc").GetArrayLength() > 10);
        var lines = await File.ReadAllLinesAsync(csv);
        Assert.Equal(found.GetProperty("samples").GetInt32() + 1, lines.Length);
        var right = lines.Skip(1).Select(line => line.Split(',')).Count(fields => fields[1] == fields[2]);
        Assert.Equal(Number(found, "accuracy"), right / (double)(lines.Length - 1), 1e-12);
    }

    [Fact]
    public async Task Evaluate_Sweep_IsItsBestModelOnTheTestSet()
    {
        var refit = (await sweep.Place.RunAsync("show", "tiny", "--json")).Json();

        var answer = await sweep.Place.RunAsync("evaluate", "tiny", "--wrong", "2");

        Assert.Equal(0, answer.Code);
        var accuracy = Number(refit, "test_accuracy");
        Assert.Contains($"accuracy            {Figures.Metric(accuracy)} ", answer.Output, StringComparison.Ordinal);
        Assert.Contains("mean of classes", answer.Output, StringComparison.Ordinal);
        Assert.Contains("The surest of ", answer.Output, StringComparison.Ordinal);
    }

    /// <summary>The data of a sweep may lie in a folder of its name.</summary>
    [Fact]
    public async Task Evaluate_FolderOfTheSweepsName_HidesTheSweepOnlyWithAModel()
    {
        const string Name = "pets-and-their-pictures";
        Assert.Equal(0, (await sweep.Place.RunSweepAsync("--name", Name)).Code);
        var folder = Directory.CreateDirectory(Name);
        try
        {
            var without = await sweep.Place.RunAsync("evaluate", Name, "--json");
            var started = await TrainAsync("--architecture", "linear", "--initial-weights", Name);
            Assert.Equal(0, (await sweep.Place.RunAsync("delete", Name, "--yes")).Code);
            var unknown = await sweep.Place.RunAsync("evaluate", Name);

            Assert.Equal((0, ""), (without.Code, without.Error));
            Assert.DoesNotContain("no model", started.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("no sweep", started.Error, StringComparison.Ordinal);
            Assert.Equal((int)ErrorKind.Usage, unknown.Code);
            Assert.Contains($"and no sweep '{Name}'", unknown.Error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Evaluate_FolderWithAModelAndSweepOfItsName_TakesTheFolderAndSaysSo()
    {
        const string Name = "pets-and-their-model";
        Assert.Equal(0, (await sweep.Place.RunSweepAsync("--name", Name)).Code);
        var folder = Directory.CreateDirectory(Name);
        try
        {
            Assert.Equal(0, (await TrainAsync("--architecture", "linear", "--save", folder.FullName)).Code);

            var answer = await sweep.Place.RunAsync("evaluate", Name, "--json");

            Assert.Equal(0, answer.Code);
            Assert.Contains($"note: the model is that of '{folder.FullName}'", answer.Error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Task<Workplace.Answer> TrainAsync(params string[] more) => sweep.Place.RunAsync(
        ["train", "--samples", "100", "--epochs", "1", .. more]);

    [Fact]
    public async Task Predict_SamplesAndTheirPictures_AreTheSame()
    {
        var digits = new DataSets(new DataFolders()).Load(new DataRequest("digits"));
        var picture = Path.Combine(sweep.Place.Folder, "five.png");
        var image = new PngImage(28, 28, 0);
        foreach (var (at, value) in digits.Test.BytesOf(5).ToArray().Index())
            image.Set(at % 28, at / 28, (value, value, value));
        await File.WriteAllBytesAsync(picture, image.ToPng());

        var sample = (await sweep.Place.RunAsync("predict", "tiny", "--index", "4..5", "--json")).Json();
        var file = (await sweep.Place.RunAsync("predict", "tiny", picture, "--json")).Json();

        var (asked, drawn) = (sample.GetProperty("predictions")[1], file.GetProperty("predictions")[0]);
        Assert.Equal(asked.GetProperty("probabilities").ToString(), drawn.GetProperty("probabilities").ToString());
        Assert.Equal(digits.ClassNames[digits.Test.Labels[5]], asked.GetProperty("truth").GetString());
        Assert.Equal(JsonValueKind.Null, drawn.GetProperty("truth").ValueKind);
        Assert.Equal(
            1, asked.GetProperty("probabilities").EnumerateObject().Sum(entry => entry.Value.GetDouble()), 1e-5);
    }

    /// <summary>The picture of a sample that is one colour has that colour in its frame, and the file has all answers.
    /// </summary>
    [Fact]
    public async Task Predict_CsvAndPicture_HoldTheSamplesThatAreShown()
    {
        var (csv, picture) = (Path.Combine(sweep.Place.Folder, "all.csv"), Path.Combine(sweep.Place.Folder, "all.png"));
        var image = new PngImage(28, 28, 90);
        var grey = Path.Combine(sweep.Place.Folder, "grey.png");
        await File.WriteAllBytesAsync(grey, image.ToPng());

        var answer = await sweep.Place.RunAsync(
            "predict", "tiny", grey, grey, "--invert", "false", "--csv", csv, "--picture", picture);
        var json = (await sweep.Place.RunAsync("predict", "tiny", grey, "--invert", "false", "--json")).Json();

        Assert.Equal(0, answer.Code);
        var predicted = json.GetProperty("predictions")[0].GetProperty("predicted").GetString();
        var lines = await File.ReadAllLinesAsync(csv);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"{grey},,{predicted},", lines[2], StringComparison.Ordinal);
        using var drawn = SKBitmap.Decode(picture);
        var pixels = Enumerable.Range(0, drawn.Width).Count(x => drawn.GetPixel(x, 200) == new SKColor(90, 90, 90));
        // Two samples of 112 points, each of 2 pixels, without their frames.
        Assert.InRange(pixels, 2 * 216, 2 * 224);
    }

    [Fact]
    public async Task Evaluate_Picture_ShowsAsManyMistakesAsAskedFor()
    {
        var few = Path.Combine(sweep.Place.Folder, "few.png");
        var many = Path.Combine(sweep.Place.Folder, "many.png");

        Assert.Equal(0, (await sweep.Place.RunAsync("evaluate", "tiny", "--wrong", "6", "--picture", few)).Code);
        Assert.Equal(0, (await sweep.Place.RunAsync("evaluate", "tiny", "--wrong", "7", "--picture", many)).Code);
        var none = await sweep.Place.RunAsync("evaluate", "tiny", "--wrong", "0", "--picture", few);

        // Six in a row of 112 + 58 points.
        Assert.Equal(2 * (112 + 58), Height(many) - Height(few));
        Assert.Contains("is not written", none.Output, StringComparison.Ordinal);

        static int Height(string file)
        {
            using var drawn = SKBitmap.Decode(file);
            return drawn.Height;
        }
    }

    [Theory]
    [InlineData("ends in .png", "evaluate", "tiny", "--picture", "a.gif")]
    [InlineData("no sample 12000", "predict", "tiny", "--index", "12000")]
    [InlineData("'9..3' is not allowed", "predict", "tiny", "--index", "9..3")]
    [InlineData("not both", "predict", "tiny", "a.png", "--index", "1")]
    [InlineData("There is no sweep 'tinny'", "evaluate", "tinny")]
    [InlineData("There is no model", "evaluate", "nowhere/model.safetensors")]
    [InlineData("no PNG, JPEG", "predict", "tiny", "tiny.yaml")]
    [InlineData("cannot be read", "predict", "tiny", "missing.png")]
    [InlineData("there is no class 'ten'", "evaluate", "tiny", "--roc", "ten")]
    [InlineData("does not begin with a header", "evaluate", "tiny.yaml")]
    public async Task Model_OrSamplesThatAreNot_AreRefusedWithTheReason(string says, params string[] arguments)
    {
        string[] here = [.. arguments.Select(word =>
            word == "tiny.yaml" ? Path.Combine(sweep.Place.Folder, word) : word)];

        var answer = await sweep.Place.RunAsync(here);

        Assert.InRange(answer.Code, 2, 3);
        Assert.Contains(says, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_BadPictures_AreAllNamedAndNothingIsWritten()
    {
        var (csv, good) = (Path.Combine(sweep.Place.Folder, "bad.csv"), Path.Combine(sweep.Place.Folder, "good.png"));
        await File.WriteAllBytesAsync(good, new PngImage(28, 28, 0).ToPng());

        var answer = await sweep.Place.RunAsync(
            "predict", "tiny", "none.png", good, sweep.Place.SweepFile, "--csv", csv);

        Assert.Equal(2, answer.Code);
        Assert.False(File.Exists(csv));
        Assert.Contains("'none.png' cannot be read: there is no such file.", answer.Error, StringComparison.Ordinal);
        Assert.Contains($"'{sweep.Place.SweepFile}' cannot be read", answer.Error, StringComparison.Ordinal);
        Assert.Contains("2 of 3 pictures cannot be read", answer.Error, StringComparison.Ordinal);
    }

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();
}
