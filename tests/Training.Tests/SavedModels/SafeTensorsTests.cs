using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;
using Sweeps.Training.Tests.Data;
using Sweeps.Training.Tests.Runs;

namespace Sweeps.Training.Tests.SavedModels;

public sealed class SafeTensorsTests
{
    /// <summary>Reads the file as its specification says, and works the network out by hand on one sample.</summary>
    [Fact]
    public void Model_ReadByTheSpecification_GivesTheDigestAndTheShapes()
    {
        var result = Train("conv 3 3x3 | batch_norm | relu | flatten | dense 4 relu | dense");
        var bytes = result.Model!;
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        var data = bytes.AsSpan(8 + length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var shapes = new Dictionary<string, long[]>();
        var end = 0L;
        foreach (var tensor in header.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__"))
        {
            Assert.Equal("F32", tensor.Value.GetProperty("dtype").GetString());
            var shape = tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            var offsets = tensor.Value.GetProperty("data_offsets").EnumerateArray()
                .Select(offset => offset.GetInt64()).ToArray();
            Assert.Equal(end, offsets[0]);
            Assert.Equal(4 * shape.Aggregate(1L, (a, b) => a * b), offsets[1] - offsets[0]);
            hash.AppendData(data[(int)offsets[0]..(int)offsets[1]]);
            shapes[tensor.Name] = shape;
            end = offsets[1];
        }

        Assert.Equal(data.Length, end);
        Assert.Equal(result.WeightsDigest, Convert.ToHexStringLower(hash.GetHashAndReset()));
        Assert.Equal([3, 1, 3, 3], shapes["0.weight"]);
        Assert.Equal([3], shapes["1.gamma"]);
        Assert.Equal([4, 3 * 26 * 26], shapes["4.weight"]);
        Assert.Equal([10, 4], shapes["5.weight"]);
        Assert.Equal([3], shapes["1.running_var"]);
        Assert.Equal(result.WeightsDigest,
            header.RootElement.GetProperty("__metadata__").GetProperty("weights_digest").GetString());
    }

    [Fact]
    public void Model_OfADenseNetwork_HasOutputsByInputs()
    {
        var result = Train("flatten | dense 3 linear | dense");
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(result.Model);
        var values = MemoryMarshal.Cast<byte, float>(result.Model.AsSpan(8 + length));
        Assert.Equal((3 * 784) + 3 + 30 + 10, values.Length);
        // Border pixels are black in every sample: their weights never move from where the initialiser put them.
        Assert.InRange(Math.Abs(values[0]), 0, Math.Sqrt(6.0 / 787));
        Assert.Equal(result.Weights, values.Length);
    }

    [Fact]
    public void Save_Twice_ReplacesBothFilesWhole()
    {
        using var folder = new TemporaryFolder();
        ModelFiles.Save(folder.Path, [1, 2, 3], "one");
        ModelFiles.Save(folder.Path, [4], "two");
        Assert.Equal([4], File.ReadAllBytes(Path.Combine(folder.Path, ModelFiles.WeightsFile)));
        Assert.Equal("two", File.ReadAllText(Path.Combine(folder.Path, ModelFiles.DescriptionFile)));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    private static TrainingResult Train(string architecture) => new Trainer(new DataSets(new DataFolders())).Train(
        new()
        {
            Data = "digits",
            Split = Split.KFold(3, 0),
            Seed = 1,
            SampleLimit = 90,
            KeepModel = true,
            Hyperparameters = new() { Architecture = architecture, LearningRate = 0.01, BatchSize = 16, Epochs = 1 },
        },
        new Watcher(),
        null,
        default);
}
