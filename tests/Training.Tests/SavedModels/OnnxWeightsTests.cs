using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Tests.Shared;
using Sweeps.Training.Data;
using Sweeps.Training.Networks;
using Sweeps.Training.Runs;
using Sweeps.Training.SavedModels;
using static Sweeps.Tests.Shared.OnnxGraph;

namespace Sweeps.Training.Tests.SavedModels;

/// <summary>Weights of ONNX files.</summary>
public sealed class OnnxWeightsTests
{
    private const string Residual =
        "conv 4 3x3 pad 1 no_bias | batch_norm | activation relu | residual 6 stride 2 pad 1 | global_avg_pool | dense";

    private static readonly NamedWeights s_inOrder = new("other", "other.onnx") { InOrder = true };

    /// <summary>The shortcut comes first in the file, as some exports have it, and constants have names that say
    /// nothing; the batch_norms add another epsilon than ours. Compared with plain loops over the file's graph.
    /// </summary>
    [Fact]
    public void CopyTo_ResidualNetworkInOrder_ComputesWhatTheGraphComputes()
    {
        var graph = ResidualGraph();
        var plan = Small.Plan(Residual, TensorShape.Image(3, 8, 8), 5);
        var model = OnnxWeights.Read(graph.Write(), "'other.onnx'");
        var weights = StartingWeights.Of(model, s_inOrder);
        using var network = NetworkFactory.Create(EngineKind.Torch, plan, Small.Streams, 2);

        var taken = weights.CopyTo(network, plan);

        Assert.Empty(taken.New);
        Assert.Empty(taken.LeftOut);
        Assert.Equal("4 batch_norms, 4 convolutions, 1 dense layer", weights.Found);
        var part = Small.Classes(2, 3 * 64, 2);
        using var batch = new Batch(part, 2);
        batch.Fill([0, 1]);
        var outputs = network.Forward(batch, learning: false);
        for (var sample = 0; sample < 2; sample++)
        {
            var wanted = graph.Compute(new([3, 8, 8], [.. Small.Uniform(2 * 3 * 64, 1).Skip(sample * 192).Take(192)]));
            var scale = wanted.Max(value => Math.Abs(value));
            for (var i = 0; i < wanted.Length; i++)
                Assert.Equal(wanted[i] / scale, outputs.Row(sample)[i] / scale, 1e-5);
        }
    }

    /// <summary>As PyTorch's exporter names them: layers of the file by their names.</summary>
    [Fact]
    public void Of_NamesOfLayers_GoToTheLayersThatAreNamed()
    {
        var plan = Small.Plan("conv 2 1x1 no_bias | batch_norm | flatten | dense", TensorShape.Image(1, 2, 2), 3);
        var file = new OnnxGraph().Constant("conv1.weight", [2, 1, 1, 1], [0.5f, -0.25f], isTyped: true)
            .Constant("bn1.weight", [2], [1.5f, 2]).Constant("bn1.bias", [2], [1, -2])
            .Constant("bn1.running_mean", [2], [0.125f, -1]).Constant("bn1.running_var", [2], [4, 9])
            .Constant("fc.weight", [3, 8], [.. Enumerable.Range(0, 24).Select(i => (float)i)])
            .Constant("fc.bias", [3], [7, 8, 9])
            .Step("Conv", ["x", "conv1.weight"], "a", name: "/conv1/Conv")
            .Step(
                "BatchNormalization", ["a", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var"], "b",
                attributes: ("epsilon", 0.001f))
            .Step("Flatten", ["b"], "c")
            .Step("Gemm", ["c", "fc.weight", "fc.bias"], "y", attributes: ("transB", 1L)).Write();
        var weights = StartingWeights.Of(
            OnnxWeights.Read(file, "it"),
            new("other", "it.onnx") { Names = [new("conv1", "1"), new("bn1", "2"), new("fc", "4")] });
        using var network = NetworkFactory.Create(EngineKind.Torch, plan, Small.Streams, 1);

        var taken = weights.CopyTo(network, plan);

        Assert.Empty(taken.New);
        Assert.Equal([0.5f, -0.25f], Values(network, "0.weight"));
        Assert.Equal(1.5f, Values(network, "1.gamma")[0], 1e-6);
        Assert.Equal([1f, -2f], Values(network, "1.beta"));
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), Values(network, "3.weight"));
        Assert.Equal([7f, 8f, 9f], Values(network, "3.bias"));
        Assert.Equal([0.125f, -1f, 4f, 9f], network.Statistics.Span[..4].ToArray());
    }

    /// <summary>TensorFlow's exports: a product and a sum for a dense layer, constants behind other names, and values
    /// in the order rows, columns, channels, for which our dense layer has no place.</summary>
    [Fact]
    public void Read_DenseAsProductAndSum_IsTurned_AndRowsFirstIsLeftOut()
    {
        OnnxGraph Graph() => new OnnxGraph()
            .Constant("kernel", [4, 3], [.. Enumerable.Range(0, 12).Select(i => (float)i)])
            .Constant("shift", [3], [7, 8, 9]).Step("Identity", ["kernel"], "w");
        var flat = OnnxWeights.Read(
            Graph().Step("MatMul", ["x", "w"], "p", name: "head").Step("Add", ["shift", "p"], "y").Write(), "it");
        Assert.Equal(["head.weight", "head.bias"], flat.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([3, 4], flat.Tensors[0].Shape);
        Assert.Equal([0f, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11], flat.Tensors[0].Values);
        Assert.Equal([7f, 8, 9], flat.Tensors[1].Values);

        var rowsFirst = OnnxWeights.Read(
            Graph().Step("Transpose", ["x"], "t", attributes: ("perm", new long[] { 0, 2, 3, 1 }))
                .Step("Reshape", ["t"], "r").Step("MatMul", ["r", "w"], "p", name: "head")
                .Step("Add", ["p", "shift"], "y").Write(),
            "it");
        Assert.Equal(
            ["head.weight_rows_first", "head.bias_rows_first"], rowsFirst.Tensors.Select(tensor => tensor.Name));
        Assert.Contains("no batch_norm", rowsFirst.Metadata["onnx"], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OtherNumbers_AreReadOrPassedOver()
    {
        var half = Message(output =>
        {
            Number(output, 1, 2);
            Number(output, 2, 10);
            Write(output, 8, "b");
            Write(output, 9, [.. BitConverter.GetBytes((Half)1.5f), .. BitConverter.GetBytes((Half)(-2f))]);
        });
        var whole = Message(output =>
        {
            Number(output, 1, 1);
            Number(output, 2, 7);
            Write(output, 8, "shape");
            Write(output, 9, new byte[8]);
        });
        var weight = Tensor("", [2, 1], [3, 4]);
        var model = OnnxWeights.Read(
            new OnnxGraph().Raw(5, half).Raw(5, whole).Step("Constant", [], "w", attributes: ("value", weight))
                .Step("Gemm", ["x", "w", "b"], "y", name: "fc",
                    attributes: [("transB", 1L), ("alpha", 2f), ("beta", 0.5f)]).Write(),
            "it");

        Assert.Equal(["fc.weight", "fc.bias"], model.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([6f, 8f], model.Tensors[0].Values);
        Assert.Equal([0.75f, -1f], model.Tensors[1].Values);
    }

    [Fact]
    public void Read_WhatIsNoWholeFile_SaysWhat()
    {
        var good = Tensor("w", [2, 1], [3, 4]);
        var external = Message(output =>
        {
            Number(output, 1, 2);
            Number(output, 2, 1);
            Write(output, 8, "w");
            Write(output, 13, Message(entry => Write(entry, 1, "location")));
            Number(output, 14, 1);
        });
        var kind = Message(output =>
        {
            Number(output, 2, 17);
            Write(output, 8, "w");
        });
        var huge = Message(output =>
        {
            for (var i = 0; i < 6; i++)
                Number(output, 1, int.MaxValue);
            Number(output, 2, 1);
            Write(output, 8, "w");
        });
        var deep = Message(output =>
        {
            for (var i = 0; i < 9; i++)
                Number(output, 1, 1);
            Number(output, 2, 1);
            Write(output, 8, "w");
        });
        foreach (var (tensors, says) in ((byte[][], string)[])
        [
            ([external], "lies in another file"), ([kind], "holds numbers of the kind 17"),
            ([huge], "has 0 numbers"), ([deep], "at most 8 dimensions"), ([good, good], "two tensors 'w'"),
            ([Tensor("w", [2, 2], [3, 4])], "of 2x2 has 2 numbers"), ([], "has constant weights"),
            ([Tensor("w", [-1, -2], [3, 4])], "a shape that no tensor has"),
        ])
        {
            var graph = new OnnxGraph().Step("Gemm", ["x", "w"], "y", attributes: ("transB", 1L));
            foreach (var tensor in tensors)
                graph.Raw(5, tensor);
            var error = Assert.Throws<SweepsException>(() => OnnxWeights.Read(graph.Write(), "'it.onnx'"));
            Assert.Equal(ErrorKind.Data, error.Kind);
            Assert.Contains("'it.onnx'", error.Message, StringComparison.Ordinal);
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }

        foreach (var bytes in (byte[][])[[], [8, 3], [0, 0, 0], new OnnxGraph().Write(), "a text"u8.ToArray()])
            Assert.Throws<SweepsException>(() => OnnxWeights.Read(bytes, "it"));
    }

    /// <summary>Steps that take what they give; a name that stands for itself.</summary>
    [Fact]
    public void Read_GraphThatGoesRound_Ends()
    {
        var model = OnnxWeights.Read(
            new OnnxGraph().Constant("w", [2, 1], [3, 4]).Step("Identity", ["i"], "i")
                .Step("Gemm", ["b", "i"], "a").Step("MatMul", ["a", "w"], "b").Write(),
            "it");
        Assert.Equal([1, 2], model.Tensors.Single().Shape);
    }

    [Fact]
    public void Read_DamagedFiles_AreErrorsOrOtherWeights()
    {
        var file = ResidualGraph().Write();
        var random = new Random(5);
        var errors = 0;
        for (var round = 0; round < 2_000; round++)
        {
            var damaged = file[..(round % 3 == 0 ? random.Next(file.Length) : file.Length)];
            for (var flips = random.Next(1, 4); flips > 0 && damaged.Length > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                StartingWeights.Of(OnnxWeights.Read(damaged, "damaged"), s_inOrder);
            }
            catch (SweepsException error)
            {
                Assert.Equal(ErrorKind.Data, error.Kind);
                errors++;
            }
        }

        Assert.InRange(errors, 700, 1_999);
    }

    private static OnnxGraph ResidualGraph()
    {
        var graph = new OnnxGraph();
        var number = 0;
        string New(int[] shape, float least = -1)
        {
            var values = Small.Uniform(shape.Aggregate(1, (a, b) => a * b), 40 + number);
            var name = $"Parameter{number++}";
            // Small variances among them, so that epsilon matters.
            graph.Constant(name, shape, least < 0 ? values : [.. values.Select(v => least + (v * v * 0.01f))]);
            return name;
        }

        void Conv(string from, string to, int filters, int channels, int size, int stride, int pad)
        {
            graph.Step(
                "Conv", [from, New([filters, channels, size, size])], $"c_{to}", stride, pad, $"Convolution{to}");
            graph.Step(
                "BatchNormalization",
                [$"c_{to}", New([filters]), New([filters]), New([filters]), New([filters], 1e-4f)], to);
        }

        Conv("x", "a", 4, 3, 3, 1, 1);
        graph.Step("Relu", ["a"], "ra");
        Conv("ra", "s", 6, 4, 1, 2, 0);
        Conv("ra", "b", 6, 4, 3, 2, 1);
        graph.Step("Relu", ["b"], "rb");
        Conv("rb", "c", 6, 6, 3, 1, 1);
        graph.Step("Add", ["s", "c"], "sum").Step("Relu", ["sum"], "r").Step("GlobalAveragePool", ["r"], "pool");
        return graph.Step("MatMul", ["pool", New([6, 5])], "product").Step("Add", ["product", New([5])], "y");
    }

    private static float[] Values(Network network, string name)
    {
        var place = network.ParameterPlaces.Single(p => p.Name == name);
        var values = new float[place.Shape.Size];
        place.CopyFrom(network.Weights.Span, values);
        return values;
    }
}
