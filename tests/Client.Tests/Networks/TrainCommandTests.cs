using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sweeps.Client.Tests.Networks;

/// <summary><c>sweeps train</c> on a part of the digits.</summary>
public sealed class TrainCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Train_Json_IsOneObjectWithWhatScriptsNeed()
    {
        var folder = Path.Combine(_place.Folder, "model");
        var answer = await Workplace.RunElsewhereAsync(
            "train", "--samples", "300", "--fold", "2/3", "--epochs", "2", "--architecture", "mlp-5", "--json",
                "--save", folder);
        Assert.Equal(0, answer.Code);
        using var json = JsonDocument.Parse(answer.Output);
        var root = json.RootElement;
        Assert.Equal("completed", root.GetProperty("outcome").GetString());
        Assert.Equal(3985, root.GetProperty("weights").GetInt64());
        Assert.Matches("^[0-9a-f]{64}$", root.GetProperty("weights_digest").GetString());
        Assert.InRange(root.GetProperty("test_accuracy").GetDouble(), 0, 1);
        Assert.True(root.GetProperty("test_loss").GetDouble() > 0);
        Assert.True(root.GetProperty("train_seconds").GetDouble() > 0);
        Assert.True(root.GetProperty("images_per_second").GetDouble() > 0);
        Assert.Equal(2, root.GetProperty("epochs").GetArrayLength());
        Assert.Equal(200, (int)Math.Round(
            root.GetProperty("epochs")[0].GetProperty("images_per_second").GetDouble()
            * root.GetProperty("epochs")[0].GetProperty("train_seconds").GetDouble()));
        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")));
        using var saved = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "model.json")));
        Assert.Equal(
            root.GetProperty("weights_digest").GetString(), saved.RootElement.GetProperty("weights_digest")
                .GetString());
    }

    [Fact]
    public async Task Train_Threads_ShareTheWorkAndChangeNoBit()
    {
        async Task<JsonElement> TrainAsync(string threads, string network)
        {
            var answer = await Workplace.RunElsewhereAsync(
                "train", "--samples", "300", "--epochs", "1", "--architecture", network, "--threads", threads,
                "--json");
            Assert.Equal((0, ""), (answer.Code, answer.Error));
            return JsonDocument.Parse(answer.Output).RootElement;
        }

        const string Network = "conv 16 5x5 relu | max_pool 2x2 | flatten | dense";
        var (one, two) = (await TrainAsync("1", Network), await TrainAsync("2", Network));

        Assert.Equal((1, 2), (one.GetProperty("threads").GetInt32(), two.GetProperty("threads").GetInt32()));
        Assert.Equal(one.GetProperty("weights_digest").GetString(), two.GetProperty("weights_digest").GetString());
        // Nothing of it is worth sharing.
        Assert.Equal(1, (await TrainAsync("2", "mlp-5")).GetProperty("threads").GetInt32());
        var refused = await Workplace.RunElsewhereAsync("train", "--threads", "0");
        Assert.Equal("sweeps: --threads: '0' is not allowed; expected a whole number from 1 to 128.\n",
            refused.Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Train_Text_HasALineAnEpoch()
    {
        var answer = await Workplace.RunElsewhereAsync(
            "train", "--samples", "200", "--epochs", "3", "--architecture", "linear");
        Assert.Equal(0, answer.Code);
        Assert.Matches(@"epoch 3/3 +loss [\d.]+ accuracy [\d.]+", answer.Output);
        Assert.Contains("test accuracy", answer.Output, StringComparison.Ordinal);
        Assert.Contains("7,850", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_Text_BeginsWithWhatIsTrained()
    {
        var answer = await Workplace.RunElsewhereAsync(
            "train", "--samples", "210", "--validation", "0.1", "--epochs", "2", "--architecture", "linear",
            "--batch-size", "50", "--learning-rate-schedule", "cosine", "--augment-flip", "true");
        Assert.Equal(0, answer.Code);
        Assert.Matches("(?m)^data +digits: 189 samples to learn from, 21 to validate, [0-9,]+ to test$", answer.Output);
        Assert.Matches("(?m)^classes +0, 1, 2, 3, 4, 5, 6, 7, 8, 9$", answer.Output);
        Assert.Matches("(?m)^network +linear: 7,850 weights$", answer.Output);
        Assert.Matches("(?m)^training +adam, learning rate 0.001, loss cross_entropy$", answer.Output);
        Assert.Matches("(?m)^steps +4 steps an epoch of 50 samples, 2 epochs$", answer.Output);
        Assert.Matches("(?m)^also +augment_flip true, learning_rate_end 0, learning_rate_schedule cosine$",
            answer.Output);
    }

    [Fact]
    public async Task Train_BatchOfMoreThanAllSamples_HasStepsOfAllSamples()
    {
        var answer = await Workplace.RunElsewhereAsync(
            "train", "--samples", "52", "--epochs", "1", "--architecture", "linear", "--batch-size", "100");

        Assert.Matches("(?m)^steps +1 step an epoch of 52 samples, 1 epoch$", answer.Output);
    }

    [Fact]
    public async Task Train_OptionWithoutEffect_IsNotedOnStderrAndInJson()
    {
        var answer = await Workplace.RunElsewhereAsync(
            "train", "--samples", "200", "--epochs", "1", "--architecture", "linear", "--dropout", "0.5", "--json");

        var note = Assert.Single(answer.Json().GetProperty("notes").EnumerateArray()).GetString();
        Assert.StartsWith("--dropout has no effect", note, StringComparison.Ordinal);
        Assert.Equal($"note: {note}", answer.Error.Trim());
    }

    [Theory]
    [InlineData("20000", "20001", "--samples: 20,000 are wanted, and there are 12,000", "more than the 12,000 samples")]
    [InlineData("200", "180", null, null)]
    [InlineData("200", "181", null, "a batch of 181 is more than the 180 samples to learn from")]
    public async Task Train_MoreThanThereIs_IsNoted(string samples, string batch, params string?[] expected)
    {
        string[] split = samples == "200" ? ["--validation", "0.1"] : [];

        var answer = await Workplace.RunElsewhereAsync(
            ["train", "--samples", samples, "--batch-size", batch, "--epochs", "1", "--architecture", "linear",
                "--json", .. split]);

        Assert.Equal(0, answer.Code);
        var notes = answer.Json().GetProperty("notes").EnumerateArray().Select(note => note.GetString()!).ToList();
        Assert.Equal(expected.Count(text => text is not null), notes.Count);
        foreach (var (note, text) in notes.Zip(expected.OfType<string>()))
        {
            Assert.Contains(text, note, StringComparison.Ordinal);
            Assert.Contains($"note: {note}", answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Train_HugeTargets_ShowsNumbersThatCanBeRead()
    {
        var file = Path.Combine(_place.Folder, "huge.csv");
        await File.WriteAllLinesAsync(
            file, ["a,y", .. Enumerable.Range(1, 30).Select(row => $"{row * row % 7},{row}e37")]);
        var answer = await Workplace.RunElsewhereAsync(
            "train", "--data", file, "--epochs", "1", "--architecture", "linear");
        Assert.Equal(0, answer.Code);
        Assert.Contains("test error", answer.Output, StringComparison.Ordinal);
        Assert.Matches("epoch 1/1 +loss [^ ]+ error ", answer.Output);
        Assert.DoesNotMatch("[0-9]{18}", answer.Output.Split("digest")[0]);
        Assert.Matches("loss [0-9.]+e7[0-9]", answer.Output);
    }

    [Theory]
    [InlineData("--optimizer", "adan", "adam")]
    [InlineData("--learning-rate", "fast", "from 0")]
    [InlineData("--batch-size", "0", "from 1")]
    [InlineData("--momentum", "0.9", "sgd and rmsprop")]
    [InlineData("--fold", "6/5", "2/5")]
    [InlineData("--validation", "1", "below 1")]
    [InlineData("--architecture", "flatten | dens 10", "dense")]
    [InlineData("--activation", "rely", "relu")]
    [InlineData("--loss", "cross", "cross_entropy")]
    public async Task Train_BadValue_NamesItAndWhatIsAllowed(string option, string value, string hint)
    {
        var answer = await Workplace.RunElsewhereAsync("train", option, value);
        Assert.Equal(2, answer.Code);
        Assert.Contains(hint, answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Output);
    }

    [Fact]
    public async Task Train_ArchitectureFile_TrainsTheKerasModelInIt()
    {
        var file = Path.Combine(_place.Folder, "model.json");
        await File.WriteAllTextAsync(file, """
            {"class_name": "Sequential", "config": {"layers": [
              {"class_name": "InputLayer", "config": {"batch_shape": [null, 784]}},
              {"class_name": "Dense", "config": {"units": 5, "activation": "relu", "kernel_initializer": "he_normal"}},
              {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}]}}
            """);

        var answer = await Workplace.RunElsewhereAsync(
            "train", "--samples", "200", "--epochs", "1", "--architecture", file, "--json");
        var same = await Workplace.RunElsewhereAsync(
            "train", "--samples", "200", "--epochs", "1", "--architecture", "flatten | dense 5 relu | dense 10 softmax",
            "--json");

        Assert.True(answer.Code == 0, answer.Error);
        Assert.Contains("flattened", answer.Error, StringComparison.Ordinal);
        Assert.Contains("initializer: he_normal", answer.Error, StringComparison.Ordinal);
        Assert.Equal(
            same.Json().GetProperty("weights_digest").GetString(),
            answer.Json().GetProperty("weights_digest").GetString());
    }

    [Fact]
    public async Task Train_WordsOfSweepFiles_MeanTheSame()
    {
        string[] common = ["train", "--samples", "200", "--epochs", "1", "--architecture", "linear", "--json"];

        var ours = await Workplace.RunElsewhereAsync(
            [.. common, "--initializer", "xavier_normal", "--loss", "mean_squared_error"]);
        var theirs = await Workplace.RunElsewhereAsync([.. common, "--initializer", "glorot_normal", "--loss", "mse"]);

        Assert.True(theirs.Code == 0, theirs.Error);
        Assert.Contains("note: --loss: 'mse' is mean_squared_error here", theirs.Error, StringComparison.Ordinal);
        Assert.Equal(
            ours.Json().GetProperty("weights_digest").GetString(),
            theirs.Json().GetProperty("weights_digest").GetString());
    }

    [Fact]
    public async Task Train_Save_SaysWhatItWroteAndWhatItReplaced()
    {
        var folder = Path.Combine(_place.Folder, "saved");
        string[] arguments =
            ["train", "--samples", "200", "--epochs", "1", "--architecture", "linear", "--save", folder];

        var first = await Workplace.RunElsewhereAsync(arguments);
        var second = await Workplace.RunElsewhereAsync(arguments);

        Assert.Equal(4, Regex.Count(first.Output, "(?m)^written "));
        Assert.Equal(4, Regex.Count(second.Output, "(?m)^replaced "));
        // Two panels of 560 x 480 points, of two pixels each.
        var picture = StbImageSharp.ImageResult.FromMemory(
            await File.ReadAllBytesAsync(Path.Combine(folder, "history.png")));
        Assert.Equal((2240, 960), (picture.Width, picture.Height));
        var history = await File.ReadAllLinesAsync(Path.Combine(folder, "history.csv"));
        Assert.Equal(2, history.Length);
        Assert.StartsWith(
            "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,", history[0],
            StringComparison.Ordinal);
        Assert.Matches(@"^1,[\d.]+,[\d.]+,,,[\d.E-]+,", history[1]);
    }

    [Fact]
    public async Task Train_MissingData_NamesDigits()
    {
        var answer = await Workplace.RunElsewhereAsync("train", "--data", "cifar-10", "--data-dir", _place.Folder);
        Assert.Equal(3, answer.Code);
        Assert.Contains("digits", answer.Error, StringComparison.Ordinal);
    }

    /// <summary>A model is trained further: what is taken of it is said, and so is what does not fit.</summary>
    [Fact]
    public async Task Train_InitialWeights_SaysWhatIsTakenAndWhatLearns()
    {
        var folder = Path.Combine(_place.Folder, "model");
        string[] train = ["train", "--samples", "200", "--epochs", "1", "--architecture", "mlp-5"];
        Assert.Equal(0, (await Workplace.RunElsewhereAsync([.. train, "--save", folder])).Code);

        var further = await Workplace.RunElsewhereAsync(
            [.. train, "--initial-weights", folder, "--freeze", "all but 1", "--learning-rate", "0", "--json"]);

        Assert.Equal(0, further.Code);
        var notes = string.Join('\n', further.Json().GetProperty("notes").EnumerateArray().Select(n => n.GetString()));
        Assert.Contains("4 of 4 tensors taken", notes, StringComparison.Ordinal);
        Assert.Contains("60 weights learn, 3,925 do not", notes, StringComparison.Ordinal);
        using var saved = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "model.json")));
        Assert.Equal(
            saved.RootElement.GetProperty("weights_digest").GetString(),
            further.Json().GetProperty("weights_digest").GetString());
        foreach (var (code, words) in new (int, string[])[]
        {
            (3, [.. train, "--initial-weights", "nowhere/"]), (2, [.. train, "--freeze", "1"]),
            (2, [.. train, "--initial-weights", folder, "--freeze", "1"]),
            (2, [.. train, "--initial-weights", folder, "--freeze", "some"]),
        })
        {
            Assert.Equal(code, (await Workplace.RunElsewhereAsync(words)).Code);
        }
    }

    /// <summary>A real process and a real signal, sent once the first epoch is through.</summary>
    [Fact]
    public async Task Train_Sigint_PrintsWhatWasReached()
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "sweeps.dll"), "train", "--architecture", "linear", "--samples",
                "500",
            "--epochs", "100000",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line
                && !line.Contains("epoch 1/100000", StringComparison.Ordinal))
            {
                Assert.DoesNotContain("epoch", line[..5], StringComparison.Ordinal);
            }

            using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
                await kill.WaitForExitAsync();
            var rest = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal(130, process.ExitCode);
            Assert.Contains("stopped: interrupted", rest, StringComparison.Ordinal);
            Assert.Contains("test accuracy", rest, StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
