using System.Buffers.Binary;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Native;
using Sweeps.Training.Networks;
using Sweeps.Training.Runs;
using Sweeps.Training.SavedModels;
using Sweeps.Training.Torch;

namespace Sweeps.Training.Tests.SavedModels;

/// <summary>Trainings that start with the weights of another: what they take, and what stays as it is.</summary>
public sealed class StartingWeightsTests
{
    private const string Dense = "flatten | dense 16 relu | dense 12 relu | dense";
    private const string Norms =
        "conv 4 3x3 stride 2 relu | batch_norm | residual 4 | conv 3 3x3 | batch_norm | flatten | dense";

    private static readonly TensorShape s_digit = TensorShape.Image(1, 28, 28);

    private readonly DataSets _sets = new(new DataFolders());

    [Theory]
    [InlineData(Dense)]
    [InlineData(Norms)]
    public void Train_WithoutAStep_IsTheModelThatItStartsWith(string architecture)
    {
        var source = Train(Request(architecture));
        var weights = Known(source);

        // The statistics of batch_norm move with a rate of 0, too: they are frozen here.
        var request = With(Request(architecture), weights, "all but 1");
        var again = Train(request with { Hyperparameters = request.Hyperparameters with { LearningRate = 0 } });

        Assert.Equal(source.WeightsDigest, again.WeightsDigest);
        var taken = weights.TakenBy(Small.Plan(architecture, s_digit, 10));
        Assert.Empty(taken.New);
        Assert.Empty(taken.LeftOut);
    }

    /// <summary>Layers of several weights, and norms without running statistics among those with them.</summary>
    [Theory]
    [InlineData("conv 4 3x3 relu | layer_norm | conv 3 3x3 | batch_norm | group_norm 3 | flatten | dense")]
    [InlineData("conv 4 3x3 relu | squeeze_excite 2 | residual 4 | residual 6 | batch_norm | flatten | dense")]
    [InlineData("separable_conv 4 3x3 | layer_norm | residual 4 | flatten | dense")]
    public void CopyTo_OwnModelInOrder_GivesEveryTensorItsPlace(string architecture)
    {
        var source = Train(Request(architecture));
        var plan = Small.Plan(architecture, s_digit, 10);
        var weights = StartingWeights.Of(
            SavedModel.Read(source.Model!, "the model"), new("own", "model.safetensors") { InOrder = true });
        using var network = NetworkFactory.Create(
            EngineChoice.Of(EngineKind.Auto, plan, NativeStages.Newest).Engine, plan, Small.Streams, 1);

        var taken = weights.CopyTo(network, plan);

        Assert.Empty(taken.New);
        Assert.Empty(taken.LeftOut);
        Assert.Equal(source.WeightsDigest, SafeTensors.Digest(network));
    }

    /// <summary>Whatever the rule adds of its own, decay and momentum: frozen is frozen, in both engines.</summary>
    [Theory]
    [InlineData(Dense, OptimizerKind.Sgd)]
    [InlineData(Dense, OptimizerKind.AdamW)]
    [InlineData("conv 4 3x3 relu | max_pool 2 | flatten | dense 8 relu | dense", OptimizerKind.RmsProp)]
    [InlineData(Norms, OptimizerKind.Sgd)]
    [InlineData(Norms, OptimizerKind.Adam)]
    public void Train_Frozen_KeepsThoseLayersAndTrainsTheOthers(string architecture, OptimizerKind optimizer)
    {
        var source = Train(Request(architecture));
        var request = With(Request(architecture), Known(source), "all but 1");
        var after = Tensors(Train(request with
        {
            Hyperparameters = request.Hyperparameters with
            {
                Optimizer = optimizer,
                WeightDecay = 0.1,
                Momentum = optimizer is OptimizerKind.Sgd or OptimizerKind.RmsProp ? 0.9 : null,
            },
        }));

        var before = Tensors(source);
        var head = before.Keys.Select(LayerOf).Max();
        foreach (var (name, values) in before)
        {
            if (LayerOf(name) < head)
                Assert.Equal(values, after[name]);
            else
                Assert.NotEqual(values, after[name]);
        }
    }

    /// <summary>What learns has the gradient that it has where everything learns; the way back ends at it.</summary>
    [Fact]
    public void Backward_FrozenLayers_LeavesTheOtherGradientsAsTheyAre()
    {
        const string Architecture = "conv 4 3x3 relu | max_pool 2 | conv 6 3x3 relu | flatten | dense 8 relu | dense";
        var plan = Small.Plan(Architecture, TensorShape.Image(1, 12, 12), 4);
        HashSet<int> frozen = [0, 2];
        using var all = new StagedNetwork(plan, Small.Streams, 16);
        using var staged = new StagedNetwork(plan, Small.Streams, 16, frozen);
        using var autograd = new AutogradNetwork(plan, Small.Streams, 16, frozen);
        Network[] networks = [all, staged, autograd];
        foreach (var network in networks)
            Step(network);

        foreach (var (place, torch) in all.ParameterPlaces.Zip(autograd.ParameterPlaces))
        {
            var (wanted, native, other) = (Gradient(all, place), Gradient(staged, place), Gradient(autograd, torch));
            if (frozen.Contains(place.Layer))
            {
                Assert.All(native.Concat(other), value => Assert.Equal(0, value));
                continue;
            }

            Assert.Equal(wanted, native);
            foreach (var (x, y) in wanted.Zip(other))
                Assert.True(Math.Abs(x - y) <= 1e-5 * Math.Max(1, Math.Abs(x)), $"{x} and {y}");
        }
    }

    [Fact]
    public void TakenBy_OtherClasses_TakesAllButTheHead()
    {
        var weights = Known(Train(Request(Dense)));

        var taken = weights.TakenBy(Small.Plan(Dense, s_digit, 7));

        Assert.Equal(["1.weight", "1.bias", "2.weight", "2.bias"], taken.Taken);
        Assert.Equal(["3.weight", "3.bias"], taken.New);
        Assert.Equal(taken.New, taken.OtherShape);
        var error = Assert.Throws<SweepsException>(() => weights.TakenBy(Small.Plan("linear", s_digit, 10)));
        Assert.All(["1.weight 16x784", "1.weight 10x784"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    /// <summary>As PyTorch's files are: other names, other widths, a counter among them; values by hand.</summary>
    [Fact]
    public void Of_FileOfAnotherProgram_GoesToTheLayersThatAreNamedOrInOrder()
    {
        var file = File(
            ("conv1.weight", "F32", [2, 1, 1, 1], Bytes(0.5f, -0.25f)),
            ("bn1.weight", "F16", [2], [.. Half(1.5f), .. Half(2f)]),
            ("bn1.bias", "BF16", [2], [0x80, 0x3F, 0x00, 0xC0]),
            ("bn1.running_mean", "F64", [2], [.. BitConverter.GetBytes(0.125), .. BitConverter.GetBytes(-1.0)]),
            ("bn1.running_var", "F32", [2], Bytes(4, 9)),
            ("bn1.num_batches_tracked", "I64", [], BitConverter.GetBytes(7L)),
            ("fc.weight", "F32", [3, 8], Bytes([.. Enumerable.Range(0, 24).Select(i => (float)i)])),
            ("fc.bias", "F32", [3], Bytes(7, 8, 9)));
        var plan = Small.Plan("conv 2 1x1 no_bias | batch_norm | flatten | dense", TensorShape.Image(1, 2, 2), 3);
        var model = SavedModel.Read(file, "the file");
        NamedWeights named = new("other", "file.safetensors")
        {
            Names = [new("conv1", "1"), new("bn1", "2"), new("fc", "4")],
        };
        foreach (var weights in new[]
        {
            StartingWeights.Of(model, named), StartingWeights.Of(model, named with { Names = [], InOrder = true }),
        })
        {
            using var network = NetworkFactory.Create(
                EngineChoice.Of(EngineKind.Auto, plan, NativeStages.Newest).Engine, plan, Small.Streams, 1);
            var taken = weights.CopyTo(network, plan);
            Assert.Empty(taken.New);
            Assert.Empty(taken.LeftOut);
            Assert.Equal([0.5f, -0.25f], Values(network, "0.weight"));
            Assert.Equal([1.5f, 2f], Values(network, "1.gamma"));
            Assert.Equal([1f, -2f], Values(network, "1.beta"));
            Assert.Equal([7f, 8f, 9f], Values(network, "3.bias"));
            Assert.Equal([0.125f, -1f, 4f, 9f], network.StatisticPlaces.SelectMany(
                place => network.Statistics.Span.Slice(place.Offset, place.Length).ToArray()));
        }

        var whole = named with { Names = [new("fc.bias", "3.bias")] };
        Assert.Equal(["3.bias"], StartingWeights.Of(model, whole).TakenBy(plan).Taken);
        foreach (var (from, to, part) in new[]
        {
            ("layer4", "1", "conv1, bn1, fc"), ("fc", "head", "the number of a layer"), ("fc", "0", "from 1"),
        })
        {
            var error = Assert.Throws<SweepsException>(
                () => StartingWeights.Of(model, named with { Names = [new(from, to)] }));
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_DamagedFiles_AreErrorsOrOtherWeights()
    {
        var file = Train(Request(Dense)).Model!;
        var random = new Random(3);
        for (var round = 0; round < 400; round++)
        {
            var damaged = file[..(round % 4 == 0 ? random.Next(file.Length) : file.Length)];
            if (damaged.Length > 0)
                damaged[random.Next(Math.Min(damaged.Length, round % 2 == 0 ? 1500 : int.MaxValue))]
                    ^= (byte)(1 << random.Next(8));
            try
            {
                StartingWeights.Of(SavedModel.Read(damaged, "damaged"), new("damaged", "damaged"));
            }
            catch (SweepsException error)
            {
                Assert.Equal(ErrorKind.Data, error.Kind);
            }
        }
    }

    /// <summary>Each entry of a header costs some bytes, and would cost the memory of the whole file.</summary>
    [Fact]
    public void Read_TensorsOfTheSameBytes_IsRefused()
    {
        var header = Encoding.UTF8.GetBytes($"{{{string.Join(',', Enumerable.Range(0, 50).Select(
            i => $"\"{i}.bias\":{{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}"))}}}");
        var error = Assert.Throws<SweepsException>(() => SavedModel.Read(Framed(header, new byte[16]), "the file"));
        Assert.Contains("'1.bias' has bytes of another", error.Message, StringComparison.Ordinal);
    }

    /// <summary>67,108,864 to the fifth power times 4 bytes is 0 in 128 bits.</summary>
    [Fact]
    public void Read_ShapeBeyondAllNumbers_IsRefused()
    {
        var header = "{\"1.weight\":{\"dtype\":\"F32\",\"shape\":[67108864,67108864,67108864,67108864,67108864],"u8
            .ToArray().Concat("\"data_offsets\":[0,0]}}"u8.ToArray()).ToArray();
        Assert.Equal(
            ErrorKind.Data, Assert.Throws<SweepsException>(() => SavedModel.Read(Framed(header, []), "it")).Kind);
    }

    [Theory]
    [InlineData("1.weight", float.NaN, "no finite numbers")]
    [InlineData("1.weight", float.NegativeInfinity, "no finite numbers")]
    [InlineData("@x.weight", 1f, "begins with '@'")]
    [InlineData("\u001b[2J.weight", float.NaN, "\u00b7[2J.weight")]
    public void Of_TensorThatNoTrainingCanStartWith_IsRefused(string name, float value, string says)
    {
        var escaped = name.Replace("\u001b", "\\u001b", StringComparison.Ordinal);
        var model = SavedModel.Read(File((escaped, "F32", [2], Bytes(0, value))), "the file");

        var error = Assert.Throws<SweepsException>(() => StartingWeights.Of(model, new("other", "file")));

        Assert.Equal(ErrorKind.Data, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TakenBy_LayerInOrderWithBiasAndBeta_SaysSo()
    {
        var file = File(
            ("fc.weight", "F32", [10, 784], new byte[31_360]), ("fc.bias", "F32", [10], new byte[40]),
            ("fc.beta", "F32", [10], new byte[40]));
        var weights = StartingWeights.Of(
            SavedModel.Read(file, "the file"), new("other", "file") { InOrder = true });

        var error = Assert.Throws<SweepsException>(() => weights.TakenBy(Small.Plan("linear", s_digit, 10)));

        Assert.Contains("'1.bias'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_WeightsOfTheStore_AreComparedByTheirDigest()
    {
        var weights = Known(Train(Request(Dense)));
        var file = weights.FileOf("pretrained");
        var far = new KnownWeights();
        await far.PrepareAsync([file], (_, _) => Task.FromResult<byte[]?>(weights.Bytes), default);
        Assert.Equal(weights.Digest, far.Find(file.Digest)!.Digest);
        await far.PrepareAsync([file], (_, _) => throw new InvalidOperationException("fetched twice"), default);

        var changed = weights.Bytes.ToArray();
        changed[^1] ^= 1;
        var damaged = await Assert.ThrowsAsync<SweepsException>(() => new KnownWeights().PrepareAsync(
            [file], (_, _) => Task.FromResult<byte[]?>(changed), default));
        Assert.Contains("damaged", damaged.Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<SweepsException>(() => new KnownWeights().PrepareAsync(
            [file], (_, _) => Task.FromResult<byte[]?>(null), default));
        Assert.Contains("pretrained", missing.Message, StringComparison.Ordinal);
        Assert.Throws<TrainingException>(() => new Trainer(new DataSets(new DataFolders())).Train(
            With(Request(Dense), weights, null), NoObserver.Instance, null, default));
    }

    private StartingWeights Known(TrainingResult source)
    {
        var weights = StartingWeights.Of(SavedModel.Read(source.Model!, "source"), new("source", "source"));
        _sets.Weights.Add(weights);
        return weights;
    }

    private static TrainingRequest With(TrainingRequest request, StartingWeights weights, string? freeze) =>
        request with
        {
            Hyperparameters = request.Hyperparameters with
            {
                InitialWeights = new("source", weights.Digest),
                Freeze = freeze,
            },
        };

    private TrainingResult Train(TrainingRequest request) =>
        new Trainer(_sets).Train(request, NoObserver.Instance, null, default);

    private static TrainingRequest Request(string architecture) => new()
    {
        Data = "digits",
        Hyperparameters = new() { Architecture = architecture, LearningRate = 0.01, BatchSize = 50, Epochs = 1 },
        Split = Split.All,
        Seed = 3,
        SampleLimit = 200,
        KeepModel = true,
    };

    private static Dictionary<string, float[]> Tensors(TrainingResult result) =>
        SavedModel.Read(result.Model!, "result").Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Values);

    private static int LayerOf(string name) => int.Parse(name.Split('.')[0], null);

    private static void Step(Network network)
    {
        foreach (var (index, place) in network.ParameterPlaces.Index())
            place.CopyTo(Small.Uniform((int)place.Shape.Size, index + 1), network.Weights.Span);
        using var batch = new Batch(Small.Classes(16, 144, 4), 16);
        batch.Fill([.. Enumerable.Range(0, 16)]);
        network.BeginEpoch(1);
        network.Forward(batch, learning: true);
        var gradient = network.OutputGradient;
        for (var row = 0; row < 16; row++)
            Small.Uniform(4, 100 + row).CopyTo(gradient.Row(row));
        network.Backward();
    }

    private static float[] Gradient(Network network, ParameterPlace place)
    {
        var values = new float[place.Shape.Size];
        place.CopyFrom(network.Gradients.Span, values);
        return values;
    }

    private static float[] Values(Network network, string name)
    {
        var place = network.ParameterPlaces.Single(p => p.Name == name);
        var values = new float[place.Shape.Size];
        place.CopyFrom(network.Weights.Span, values);
        return values;
    }

    private static byte[] Bytes(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Half(float value) => BitConverter.GetBytes((Half)value);

    private static byte[] File(params (string Name, string Type, int[] Shape, byte[] Bytes)[] tensors)
    {
        var (entries, at) = (new List<string>(), 0);
        foreach (var (name, type, shape, bytes) in tensors)
        {
            entries.Add($"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],"
                + $"\"data_offsets\":[{at},{at + bytes.Length}]}}");
            at += bytes.Length;
        }

        var header = Encoding.UTF8.GetBytes($"{{{string.Join(',', entries)}}}");
        return Framed(header, [.. tensors.SelectMany(tensor => tensor.Bytes)]);
    }

    private static byte[] Framed(byte[] header, byte[] data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }
}
