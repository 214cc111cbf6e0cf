using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;
using Sweeps.Training.Tests.Runs;

namespace Sweeps.Training.Tests.SavedModels;

/// <summary>A saved model read back is the network that was trained, or it is refused.</summary>
public sealed class LoadedNetworkTests
{
    private static readonly DataSets s_sets = new(new DataFolders());

    /// <summary>Both engines, running statistics, padded kernels, dropout that only learning sees.</summary>
    [Theory]
    [InlineData("flatten | dense 20 relu | dropout 0.5 | dense", null)]
    [InlineData("conv 5 3x3 relu | max_pool 2x2 | conv 3 3x3 | flatten | dense 7 tanh | dense", null)]
    [InlineData("conv 4 3x3 | batch_norm | relu | residual 6 2 | global_avg_pool | dense", null)]
    [InlineData("flatten | dense 9 sigmoid | dense sigmoid", LossKind.BinaryCrossEntropy)]
    [InlineData("flatten | dense 9 relu | dense", LossKind.MeanSquaredError)]
    public void Ask_SavedModel_HasTheNumbersOfTheTraining(string architecture, LossKind? loss)
    {
        var result = Train(architecture, loss);
        var model = SavedModel.Read(result.Model!, "of the test");
        using var network = new LoadedNetwork(model);
        var test = s_sets.Load(new DataRequest("digits")).Test;

        var answers = network.Ask(test, [.. Enumerable.Range(0, test.Count)]);

        // What the training kept, and what is computed anew on all cores: the same numbers, in the same order.
        Assert.Equal(result.Engine == EngineKind.Native, network.KeptOf(test) is not null);
        var known = LoadedNetwork.AskAll(model, test);
        test.Kept = null;
        var all = LoadedNetwork.AskAll(model, test);
        Assert.Equal((all.Loss, all.Metric), (known.Loss, known.Metric));
        Assert.Equal(all.Values, known.Values);
        Assert.Equal((answers.Loss, answers.Metric), (all.Loss, all.Metric));
        Assert.Equal(answers.Values, all.Values);
        Assert.Equal(result.Test!.Loss, answers.Loss);
        Assert.Equal(result.Test.Metric, answers.Metric);
        Assert.Equal(result.Test.Confusion, new ClassReport(test.Labels, answers).Confusion);
        Assert.Equal(result.Weights, network.Shape.Weights);
        Assert.Equal("digits", model.Data);
        Assert.Equal(loss ?? LossKind.CrossEntropy, model.Loss);
        if (loss is null)
            Assert.Equal(1, answers.Of(3).ToArray().Sum(value => (double)value), 1e-6);
    }

    /// <summary>-log of the probability of the true class is what the loss is the mean of.</summary>
    [Fact]
    public void Ask_CrossEntropy_GivesTheProbabilitiesOfTheLoss()
    {
        using var network = new LoadedNetwork(SavedModel.Read(Train("linear", null).Model!, "x"));
        var test = s_sets.Load(new DataRequest("digits")).Test;

        var answers = network.Ask(test, [.. Enumerable.Range(0, test.Count)]);

        var labels = test.Labels.ToArray();
        Assert.Equal(answers.Loss, labels.Index().Average(pair => -Math.Log(answers.Of(pair.Index)[pair.Item])), 1e-5);
    }

    [Fact]
    public void Read_CutOffAnywhere_IsRefused()
    {
        var bytes = Train("linear", null).Model!;
        for (var length = 0; length < bytes.Length; length += length < 2000 ? 1 : 997)
        {
            Assert.Throws<SweepsException>(() =>
            {
                using var network = new LoadedNetwork(SavedModel.Read(bytes.AsMemory(0, length), "x"));
            });
        }
    }

    /// <summary>Any byte of the header turned: refused, or read to something that the format allows.</summary>
    [Fact]
    public void Read_HeaderTurnedAnywhere_IsRefusedOrRead()
    {
        var bytes = Train("linear", null).Model!;
        var header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var random = new Random(5);
        var refused = 0;
        for (var at = 0; at < sizeof(long) + header; at++)
        {
            var turned = (byte[])bytes.Clone();
            turned[at] ^= (byte)random.Next(1, 256);
            try
            {
                using var network = new LoadedNetwork(SavedModel.Read(turned, "x"));
            }
            catch (SweepsException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, header / 4, header + sizeof(long));
    }

    [Theory]
    [InlineData("dtype", "F4", "read are F32, F64")]
    [InlineData("dtype", "BF16", "do not fit its shape")]
    [InlineData("rename", "9.weight", "is missing")]
    [InlineData("architecture", "flatten | dense 3 | dense", "not 3x784")]
    [InlineData("input", "1x20x20", "shape")]
    [InlineData("classes", "[\"a\",\"b\"]", "names 2 classes")]
    [InlineData("forget", "architecture", "another program")]
    public void Use_OtherThanItSays_IsRefusedWithTheReason(string change, string value, string says)
    {
        var bytes = Changed(Train("flatten | dense", null).Model!, root =>
        {
            var metadata = root["__metadata__"]!.AsObject();
            var first = root.First(entry => entry.Key != "__metadata__");
            if (change == "dtype")
                first.Value!["dtype"] = value;
            else if (change == "forget")
                metadata.Remove(value);
            else if (change != "rename")
                metadata[change] = value;
            else if (root.Remove(first.Key))
                root[value] = first.Value;
        });

        var error = Assert.Throws<SweepsException>(() =>
        {
            using var network = new LoadedNetwork(SavedModel.Read(bytes, "'x.safetensors'"));
        });

        Assert.Contains("'x.safetensors'", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private static byte[] Changed(byte[] model, Action<JsonObject> change)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(model);
        var root = JsonNode.Parse(model.AsSpan(sizeof(long), length))!.AsObject();
        change(root);
        var header = Encoding.UTF8.GetBytes(root.ToJsonString());
        var prefix = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. model.AsSpan(sizeof(long) + length)];
    }

    private static TrainingResult Train(string architecture, LossKind? loss) => new Trainer(s_sets).Train(
        new()
        {
            Data = "digits",
            Split = Split.KFold(3, 0),
            Seed = 1,
            SampleLimit = 300,
            KeepModel = true,
            EvaluateTest = true,
            Hyperparameters = new()
            {
                Architecture = architecture,
                LearningRate = 0.01,
                BatchSize = 16,
                Epochs = 2,
                Loss = loss,
            },
        },
        new Watcher(),
        null,
        default);
}
