using System.Globalization;
using System.Text.Json;
using Sweeps.Tests.Shared;
using Sweeps.Training.Data;

namespace Sweeps.Client.Tests.Networks;

/// <summary>The weights of another program's file (ONNX) as the start of trainings, by the command line.</summary>
public sealed class OnnxStartTests : IDisposable
{
    private const int Samples = 5;

    private const string Network =
        "conv 4 3x3 pad 1 no_bias | batch_norm | activation relu | global_avg_pool | dense";

    private readonly Workplace _place = new();
    private readonly OnnxGraph _graph = new OnnxGraph()
        .Step("Conv", ["x", "conv1.weight"], "a", stride: 1, pad: 1)
        .Step("BatchNormalization", ["a", "scale", "shift", "mean", "variance"], "b")
        .Step("Relu", ["b"], "c").Step("GlobalAveragePool", ["c"], "d")
        .Step("MatMul", ["d", "fc"], "e").Step("Add", ["e", "bias"], "y");

    public OnnxStartTests()
    {
        _graph.Constant("conv1.weight", [4, 1, 3, 3], Waves(36)).Constant("scale", [4], [1, 2, 0.5f, -1])
            .Constant("shift", [4], [0.5f, 0, 0.25f, 1]).Constant("mean", [4], [0, 0.1f, -0.1f, 0.2f])
            .Constant("variance", [4], [1, 0.5f, 0.01f, 0.002f]).Constant("fc", [4, 10], Waves(40))
            .Constant("bias", [10], Waves(10));
        File.WriteAllBytes(Path.Combine(_place.Folder, "theirs.onnx"), _graph.Write());
    }

    public void Dispose() => _place.Dispose();

    /// <summary>Of a training that changes nothing the saved model answers what the file's graph does, worked out with
    /// plain loops, after the softmax.</summary>
    [Fact]
    public async Task Train_WeightsOfAnOnnxFile_AnswersWhatItsGraphComputes()
    {
        var (model, csv) = (Path.Combine(_place.Folder, "model"), Path.Combine(_place.Folder, "answers.csv"));
        string[] train =
        [
            "train", "--data", "digits", "--samples", "100", "--epochs", "1", "--architecture", Network, "--names",
            "in order",
        ];

        var trained = await Workplace.RunElsewhereAsync(
            [.. train, "--initial-weights", Path.Combine(_place.Folder, "theirs.onnx"), "--freeze", "all but 1",
            "--learning-rate", "0", "--save", model, "--json"]);
        Assert.True(trained.Code == 0, trained.Error);
        var notes = trained.Json().GetProperty("notes").EnumerateArray().Select(note => note.GetString()!).ToList();
        var asked = await Workplace.RunElsewhereAsync("predict", model, "--index", $"0..{Samples - 1}", "--csv", csv);
        var broken = Path.Combine(_place.Folder, "broken.onnx");
        File.WriteAllBytes(broken, [.. _graph.Write().Take(200)]);
        var refused = await Workplace.RunElsewhereAsync([.. train, "--initial-weights", broken]);

        Assert.Contains(notes, note => note.Contains("1 batch_norm, 1 convolution, 1 dense layer",
            StringComparison.Ordinal) && note.Contains("7 of 7 tensors taken", StringComparison.Ordinal));
        Assert.Equal(0, asked.Code);
        var rows = (await File.ReadAllLinesAsync(csv)).Skip(1).Select(line => line.Split(',')[3..]).ToList();
        var test = new DataSets(new DataFolders()).Load(new DataRequest("digits")).Test;
        var pixels = new float[test.Features];
        for (var sample = 0; sample < Samples; sample++)
        {
            test.GatherRange(sample, 1, pixels);
            var outputs = _graph.Compute(new([1, 28, 28], pixels)).Select(output => Math.Exp(output)).ToList();
            var expected = outputs.Select(output => output / outputs.Sum());
            foreach (var (wanted, found) in expected.Zip(rows[sample]))
                Assert.Equal(wanted, double.Parse(found, CultureInfo.InvariantCulture), 1e-5);
        }

        Assert.Equal(3, refused.Code);
        Assert.Contains("broken.onnx", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>A sweep compares them with drawn weights; the file's go with the sweep.</summary>
    [Fact]
    public async Task Run_WeightsOfAnOnnxFile_AreComparedWithDrawnOnes()
    {
        await File.WriteAllTextAsync(_place.SweepFile, $$"""
            name: start
            data: digits
            architectures: ['{{Network}}']
            initial_weights: {theirs: {model: theirs.onnx, names: in order} }
            parameters: {initial_weights: [none, theirs], learning_rate: 0.01, batch_size: 50}
            folds: 2
            epochs: 1
            """);

        var run = await _place.RunSweepAsync("--json");
        File.Delete(Path.Combine(_place.Folder, "theirs.onnx"));
        var again = await _place.RunAsync("verify", "start");

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains(
            "1 batch_norm, 1 convolution, 1 dense layer", run.Json().GetProperty("notes").ToString(),
            StringComparison.Ordinal);
        Assert.Equal(
            JsonValueKind.Number, run.Json().GetProperty("test_accuracy").ValueKind);
        Assert.True(again.Code == 0, again.Error);
    }

    private static float[] Waves(int count) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(3 * i) / 2)];
}
