using System.Text.Json;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>A sweep over the sizes of a network, from its file to its report, with real trainings.</summary>
public sealed class SizedRunTests : IDisposable
{
    private const string Text = """
        name: sized
        data: {name: digits, samples: 200}
        architectures: {mlp: "flatten | {depth} x dense {width} relu dropout {dropout} | dense"}
        parameters: {depth: [0, 2], width: [8, 16], dropout: 0.25}
        folds: 2
        epochs: 1
        seed: 3
        """;

    private readonly Workplace _place = new();

    public SizedRunTests() => File.WriteAllText(_place.SweepFile, Text);

    public void Dispose() => _place.Dispose();

    /// <summary>Weights by hand: 784 pixels, 10 classes.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public async Task Run_WidthAndDepth_ShowsThemWithTheWeightsThatThePreviewTold()
    {
        int[] expected = [(785 * 8) + (9 * 8) + 90, 7_850, (785 * 16) + (17 * 16) + 170];
        var preview = (await Workplace.RunElsewhereAsync("preview", _place.SweepFile, "--json")).Json();
        Assert.Equal(0, (await _place.RunSweepAsync()).Code);
        var document = (await _place.RunAsync("show", "sized", "--json")).Json();

        Assert.Equal(expected, WeightsOf(preview.GetProperty("architectures")));
        Assert.Equal(expected, WeightsOf(document.GetProperty("configurations")));
        var wide = document.GetProperty("configurations").EnumerateArray()
            .Single(c => c.GetProperty("weights").GetInt64() == expected[2]);
        Assert.Equal("mlp", wide.GetProperty("architecture").GetString());
        Assert.Equal(
            "flatten | 2 x dense 16 relu dropout 0.25 | dense", wide.GetProperty("layers").GetString());
        Assert.Equal(
            (2, 16),
            (wide.GetProperty("parameters").GetProperty("depth").GetInt32(),
                wide.GetProperty("parameters").GetProperty("width").GetInt32()));
        var page = (await _place.RunAsync("show", "sized")).Output;
        Assert.Matches(@"rank\s+architecture\s+weights\s+depth\s+width\s+accuracy", page);
        Assert.Matches(@"mlp\s+13,002\s+2\s+16\s", page);
        Assert.Contains("validation_accuracy by depth (best of each)", page, StringComparison.Ordinal);
        Assert.Contains("x: width (log), y: validation_accuracy", page, StringComparison.Ordinal);
        Assert.Contains("x: depth, y: validation_accuracy", page, StringComparison.Ordinal);
        var verified = await _place.RunAsync("verify", "sized", "--sample", "7");
        Assert.Contains("trials are equal", verified.Output, StringComparison.Ordinal);

        static IEnumerable<int> WeightsOf(JsonElement list) =>
            list.EnumerateArray().Select(item => item.GetProperty("weights").GetInt32()).Order();
    }

    /// <summary>The same network written out trains the same bits.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public async Task Run_TheSameNetworkWrittenOut_HasTheSameResults()
    {
        await _place.RunSweepAsync("--set", "parameters.depth=2", "--set", "parameters.width=8");
        File.WriteAllText(_place.SweepFile, Text
            .Replace("{depth} x dense {width} relu dropout {dropout}",
                "dense 8 relu | dropout 0.25 | dense 8 relu | dropout 0.25", StringComparison.Ordinal)
            .Replace("{depth: [0, 2], width: [8, 16], dropout: 0.25}", "{batch_size: 100}", StringComparison.Ordinal));
        await _place.RunSweepAsync("--name", "written");

        Assert.Equal(await ValuesAsync("written"), await ValuesAsync("sized"));

        async Task<string> ValuesAsync(string id) => (await _place.RunAsync("show", id, "--json")).Json()
            .GetProperty("configurations")[0].GetProperty("values").GetRawText();
    }
}
