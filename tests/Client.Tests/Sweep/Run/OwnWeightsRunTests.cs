using Sweeps.Client.Terminal;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>Sweeps over weights to start with, and over a folder of pictures: both travel with their sweep.</summary>
public sealed class OwnWeightsRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Run_InitialWeights_AreInTheDigestAndInTheStore()
    {
        var model = Path.Combine(_place.Folder, "model");
        await TrainAsync(model, seed: "1");
        File.WriteAllText(_place.SweepFile, """
            name: tiny
            data: {name: digits, samples: 200}
            architectures: {small: flatten | dense 8 relu | dense}
            initial_weights: {mine: model/}
            parameters: {initial_weights: [none, mine], freeze: [none, all but 1]}
            folds: 2
            epochs: 1
            """);

        var one = await DigestAsync("one", "1");
        Assert.Equal(one, await DigestAsync("two", "2"));
        var shown = await _place.RunAsync("show", "one");
        Assert.Matches("initial.weights", shown.Output);
        Assert.Matches("mine +all but 1|all but 1 +mine", shown.Output);

        // It is the same sweep, however often it is submitted, and with more slots.
        foreach (var slots in (string[])["1", "1", "2"])
        {
            var submitted = await _place.RunAsync(
                "submit", _place.SweepFile, "--name", "open", "--set", $"slots={slots}", "--json");
            Assert.True(submitted.Code == 0, submitted.Error);
        }

        var again = await _place.RunAsync("run", _place.SweepFile, "--name", "open", "--slots", "2", "--json");
        Assert.Equal(one, again.Json().GetProperty("digest").GetString());

        // Other weights under the same name are another sweep; without the model the store's copy does.
        await TrainAsync(model, seed: "2");
        Assert.NotEqual(one, await DigestAsync("other", "2"));
        Directory.Delete(model, recursive: true);
        Assert.Equal(0, (await _place.RunAsync("verify", "one")).Code);
        var missing = await _place.RunAsync("run", _place.SweepFile, "--name", "one");
        Assert.Equal(3, missing.Code);
        Assert.Contains("there is no model", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Pictures_NeedTheirFolderNoMoreOnceTheyAreInTheStore()
    {
        var folder = Path.Combine(_place.Folder, "shades");
        for (var i = 0; i < 20; i++)
        {
            var path = Path.Combine(folder, i % 2 == 0 ? "dark" : "light", $"{i}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, new PngImage(6, 4, (byte)((i % 2 * 200) + i)).ToPng());
        }

        File.WriteAllText(_place.SweepFile, """
            data: {path: shades/, size: 4x4, color: grey}
            architectures: [linear]
            parameters: {learning_rate: 0.1, batch_size: 4}
            folds: 2
            epochs: 20
            """);
        Assert.Equal(0, (await _place.RunAsync("run", _place.SweepFile, "--name", "shades")).Code);
        Directory.Delete(folder, recursive: true);

        var evaluated = await _place.RunAsync("evaluate", "shades", "--json");
        Assert.Equal(0, evaluated.Code);
        Assert.Equal(1, evaluated.Json().GetProperty("accuracy").GetDouble());
        var picture = Path.Combine(_place.Folder, "bright.png");
        File.WriteAllBytes(picture, new PngImage(9, 9, 230).ToPng());
        var predicted = await _place.RunAsync("predict", "shades", picture, "--json");
        // Light all over, and yet not exchanged with dark: the model learned from pictures as they are.
        Assert.Equal("light", predicted.Json().GetProperty("predictions")[0].GetProperty("predicted").GetString());

        var all = await _place.RunAsync("predict", "shades", _place.Folder);
        Assert.Contains("is a folder; name its pictures", all.Error, StringComparison.Ordinal);
        var file = Assert.Single(Directory.GetFiles(_place.Folder, "model.safetensors", SearchOption.AllDirectories));
        var nameless = await _place.RunAsync("evaluate", file);
        Assert.Equal(2, nameless.Code);
        Assert.Contains("pictures called 'shades'", nameless.Error, StringComparison.Ordinal);
    }

    private static async Task TrainAsync(string folder, string seed) => Assert.Equal(0, (
        await Workplace.RunElsewhereAsync(
            "train", "--data", "digits", "--samples", "300", "--epochs", "1", "--architecture",
            "flatten | dense 8 relu | dense", "--seed", seed, "--save", folder)).Code);

    private async Task<string> DigestAsync(string name, string slots)
    {
        var run = await _place.RunAsync(
            "run", _place.SweepFile, "--name", name, "--slots", slots, "--no-reuse", "--json");
        return run.Json().GetProperty("digest").GetString()!;
    }
}
