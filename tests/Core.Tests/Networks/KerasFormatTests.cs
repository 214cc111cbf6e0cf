using Sweeps.Core.Networks;

namespace Sweeps.Core.Tests.Networks;

/// <summary>What differs between Keras 1, 2 and 3, Sequential and functional models, and how it is read.</summary>
public sealed class KerasFormatTests
{
    /// <summary>As Keras 1.1 writes it: other names for the same fields, and the layers as the config.</summary>
    [Theory]
    [InlineData("tf", 3)]
    [InlineData("th", 1)]
    public void Parse_Keras1_GivesTheLayers(string ordering, int axis)
    {
        var shape = ordering == "tf" ? "[null, 28, 28, 1]" : "[null, 1, 28, 28]";
        var json = $$$"""
            {"class_name": "Sequential", "keras_version": "1.1.1", "config": [
              {"class_name": "Convolution2D", "config": {"name": "c1", "trainable": true,
                "batch_input_shape": {{{shape}}}, "input_dtype": "float32", "nb_filter": 8, "nb_row": 5, "nb_col": 3,
                "border_mode": "same",
                "subsample": [2, 2], "dim_ordering": "{{{ordering}}}", "activation": "relu", "bias": false,
                "init": "glorot_uniform", "W_regularizer": null, "b_regularizer": null, "activity_regularizer": null,
                "W_constraint": null, "b_constraint": null}},
              {"class_name": "BatchNormalization", "config": {"name": "b", "trainable": true, "axis": {{{axis}}},
                "mode": 0, "momentum": 0.99, "epsilon": 0.001, "gamma_init": "one", "beta_init": "zero",
                "gamma_regularizer": {"name": "WeightRegularizer", "l1": 0.0, "l2": 0.0}, "beta_regularizer": null}},
              {"class_name": "MaxPooling2D", "config": {"name": "m", "trainable": true, "pool_size": [2, 2],
                "strides": [2, 2], "border_mode": "valid", "dim_ordering": "{{{ordering}}}"}},
              {"class_name": "Dropout", "config": {"p": 0.25, "name": "dr", "trainable": true}},
              {"class_name": "Flatten", "config": {"name": "f", "trainable": true}},
              {"class_name": "Dense", "config": {"name": "d", "output_dim": 10, "input_dim": 1568,
                "activation": "softmax", "bias": true, "init": "glorot_uniform"}}]}
            """;

        Assert.Equal(
            "conv 8 5x3 same relu stride 2 no_bias | batch_norm | max_pool 2x2 | dropout 0.25 | flatten | "
            + "dense 10 softmax",
            Architecture.Parse(json).ToString());
        Assert.Empty(NotesOf(json));
    }

    /// <summary>Images channels last: 3; channels first: 1; vectors: 1. Anything else normalises other
    /// numbers.</summary>
    [Theory]
    [InlineData("channels_last", 3, true)]
    [InlineData("channels_last", -1, true)]
    [InlineData("channels_last", 1, false)]
    [InlineData("channels_last", 2, false)]
    [InlineData("channels_first", 1, true)]
    [InlineData("channels_first", 3, false)]
    [InlineData("channels_first", -1, false)]
    [InlineData("vector", 1, true)]
    [InlineData("vector", -1, true)]
    [InlineData("vector", 3, false)]
    public void Parse_BatchNormalizationAxis_MustBeTheChannels(string format, int axis, bool isRight)
    {
        var before = format == "vector"
            ? """{"class_name": "Flatten", "config": {}}"""
            : $$$"""
              {"class_name": "Conv2D", "config": {"filters": 4, "kernel_size": [3, 3], "data_format": "{{{format}}}"}}
              """;
        var json = $$$"""
            {"class_name": "Sequential", "config": {"layers": [{{{before}}},
              {"class_name": "BatchNormalization", "config": {"axis": [{{{axis}}}]}}]}}
            """;

        if (isRight)
            Architecture.Parse(json);
        else
            Assert.Equal(1, Assert.Throws<ArchitectureException>(() => Architecture.Parse(json)).Layer);
    }

    [Theory]
    [InlineData("""{"module": "keras.layers", "class_name": "LeakyReLU", "config": {"negative_slope": 0.1}}""",
        "leaky_relu 0.1")]
    [InlineData("""{"class_name": "LeakyReLU", "config": {"alpha": 0.3, "name": "l"}}""", "leaky_relu 0.3")]
    [InlineData("""{"class_name": "ELU", "config": {"alpha": 1.0}}""", "elu")]
    [InlineData("""{"class_name": "ReLU", "config": {"max_value": null, "negative_slope": 0.0}}""", "relu")]
    [InlineData("""{"module": "builtins", "class_name": "function", "config": "tanh"}""", "tanh")]
    [InlineData("\"sigmoid\"", "sigmoid")]
    public void Parse_ActivationAsAnObject_IsRead(string activation, string expected)
    {
        foreach (var name in new[] { "Dense", "Conv2D", "Activation" })
        {
            var size = name switch
            {
                "Dense" => "\"units\": 3, ",
                "Conv2D" => "\"filters\": 3, \"kernel_size\": 1, ",
                _ => "",
            };
            var json = $$$"""
                {"class_name": "Sequential", "config": [
                  {"class_name": "{{{name}}}", "config": { {{{size}}}"activation": {{{activation}}}}}]}
                """;

            Assert.EndsWith($" {expected}", Architecture.Parse(json).ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""[[["{0}", 0, 0, {}]]]""")]
    [InlineData("""[["{0}", 0, 0, {}]]""")]
    [InlineData("""
        [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 28, 28, 1], "dtype": "float32",
          "keras_history": ["{0}", 0, 0]}}], "kwargs": {}}]
        """)]
    public void Parse_FunctionalChain_IsReadInItsOrder(string nodes)
    {
        string From(string name) => nodes.Replace("{0}", name, StringComparison.Ordinal);
        // Keras writes layers in the order of their depth; a chain says its order itself.
        var json = $$$"""
            {"class_name": "Functional", "config": {"name": "m", "layers": [
              {"class_name": "Dense", "name": "out", "config": {"name": "out", "units": 10},
                "inbound_nodes": {{{From("flat")}}}},
              {"class_name": "InputLayer", "name": "in", "config": {"name": "in", "batch_shape": [null, 28, 28, 1]},
                "inbound_nodes": []},
              {"class_name": "Flatten", "name": "flat", "config": {"name": "flat"}, "inbound_nodes": {{{From("in")}}}}],
              "input_layers": [["in", 0, 0]], "output_layers": [["out", 0, 0]]}}
            """;

        Assert.Equal("flatten | dense 10", Architecture.Parse(json).ToString());
    }

    [Fact]
    public void Parse_FunctionalWithABranch_NamesTheLayers()
    {
        const string Json = """
            {"class_name": "Functional", "config": {"layers": [
              {"class_name": "InputLayer", "name": "in", "config": {"name": "in"}, "inbound_nodes": []},
              {"class_name": "Dense", "name": "left", "config": {"name": "left", "units": 4},
                "inbound_nodes": [[["in", 0, 0, {}]]]},
              {"class_name": "Dense", "name": "right", "config": {"name": "right", "units": 4},
                "inbound_nodes": [[["in", 0, 0, {}]]]},
              {"class_name": "Add", "name": "add", "config": {"name": "add"},
                "inbound_nodes": [[["left", 0, 0, {}], ["right", 0, 0, {}]]]}]}}
            """;

        var error = Assert.Throws<SweepsException>(() => Architecture.Parse(Json));

        Assert.Contains("'in' goes to 'left' and 'right'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"class_name": "InputLayer", "config": {"batch_shape": [null, 784]}},""", "")]
    [InlineData("", "\"batch_input_shape\": [null, 784], ")]
    [InlineData("", "\"input_dim\": 784, ")]
    [InlineData("""
        {"class_name": "InputLayer", "config": {"batch_input_shape": {"class_name": "TensorShape",
          "items": [null, 784]}}},
        """, "")]
    public void Parse_VectorInput_IsFlattenedForPictures(string input, string field)
    {
        var json = $$$"""
            {"class_name": "Sequential", "config": {"layers": [{{{input}}}
              {"class_name": "Dense", "config": { {{{field}}}"units": 10}}]}}
            """;

        var architecture = Architecture.Parse(json);

        Assert.Equal("flatten | dense 10", architecture.ToString());
        Assert.Contains("flattened", architecture.NoteOn(TensorShape.Image(1, 28, 28)), StringComparison.Ordinal);
        Assert.Null(architecture.NoteOn(TensorShape.Flat(784)));
        Assert.Contains("32x32x3", architecture.NoteOn(TensorShape.Image(3, 32, 32)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"he_normal\"", "write initializer: he_normal")]
    [InlineData("""{"class_name": "HeUniform", "config": {"seed": null}}""", "write initializer: he_uniform")]
    [InlineData("""
        {"class_name": "VarianceScaling", "config": {"scale": 2.0, "mode": "fan_in",
          "distribution": "truncated_normal", "seed": null}}
        """, "write initializer: he_normal")]
    [InlineData("""
        {"class_name": "VarianceScaling", "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform"}}
        """, null)]
    [InlineData("""{"class_name": "RandomNormal", "config": {"mean": 0.0, "stddev": 0.05}}""", "(random_normal)")]
    public void Parse_Initializer_IsNotedWhereItDiffers(string initializer, string? part)
    {
        var notes = NotesOf($$$"""
            {"class_name": "Sequential", "config": [
              {"class_name": "Dense", "config": {"units": 10, "kernel_initializer": {{{initializer}}}}}]}
            """);

        if (part is null)
            Assert.Empty(notes);
        else
            Assert.Contains(part, Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_RescalingOfBytes_IsLeftOutWithANote()
    {
        const string Json = """
            {"class_name": "Sequential", "config": {"layers": [
              {"class_name": "Rescaling", "config": {"name": "scale", "scale": 0.00392156862745098, "offset": 0.0}},
              {"class_name": "Flatten", "config": {}}, {"class_name": "Dense", "config": {"units": 10}}]}}
            """;

        Assert.Equal("flatten | dense 10", Architecture.Parse(Json).ToString());
        Assert.Contains("'scale' is left out", Assert.Single(NotesOf(Json)), StringComparison.Ordinal);
    }

    private static List<string> NotesOf(string json)
    {
        var notes = new List<string>();
        Architecture.Parse(json, notes.Add);
        return notes;
    }
}
