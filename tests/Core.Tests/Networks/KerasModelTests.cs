using Sweeps.Core.Networks;

namespace Sweeps.Core.Tests.Networks;

/// <summary>
/// Texts in the forms that Keras 2.11 (tf.keras) and Keras 3 write with model.to_json(), shortened by hand where
/// repetitive.
/// </summary>
public sealed class KerasModelTests
{
    internal const string Keras2 = """
        {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
          {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 28, 28, 1], "dtype": "float32",
            "sparse": false,
            "ragged": false, "name": "conv2d_input"}},
          {"class_name": "Conv2D", "config": {"name": "conv2d", "trainable": true, "dtype": "float32",
            "batch_input_shape": [null, 28, 28, 1], "filters": 32, "kernel_size": [3, 3], "strides": [1, 1],
            "padding": "same",
            "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1, "activation": "relu",
            "use_bias": true,
            "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}},
            "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": null,
            "bias_regularizer": null,
            "activity_regularizer": null, "kernel_constraint": null, "bias_constraint": null}},
          {"class_name": "BatchNormalization", "config": {"name": "bn", "trainable": true, "dtype": "float32",
            "axis": [3],
            "momentum": 0.99, "epsilon": 0.001, "center": true, "scale": true,
            "beta_initializer": {"class_name": "Zeros", "config": {}}, "gamma_initializer": {"class_name": "Ones",
            "config": {}},
            "moving_mean_initializer": {"class_name": "Zeros", "config": {}},
            "moving_variance_initializer": {"class_name": "Ones", "config": {}}, "beta_regularizer": null,
            "gamma_regularizer": null, "beta_constraint": null, "gamma_constraint": null}},
          {"class_name": "LeakyReLU", "config": {"name": "leaky_re_lu", "trainable": true, "dtype": "float32",
            "alpha": 0.30000001192092896}},
          {"class_name": "MaxPooling2D", "config": {"name": "max_pooling2d", "trainable": true, "dtype": "float32",
            "pool_size": [2, 2], "padding": "valid", "strides": [2, 2], "data_format": "channels_last"}},
          {"class_name": "Flatten", "config": {"name": "flatten", "trainable": true, "dtype": "float32",
            "data_format": "channels_last"}},
          {"class_name": "Dropout", "config": {"name": "dropout", "trainable": true, "dtype": "float32", "rate": 0.25,
            "noise_shape": null, "seed": null}},
          {"class_name": "Dense", "config": {"name": "dense", "trainable": true, "dtype": "float32", "units": 10,
            "activation": "softmax", "use_bias": true, "kernel_initializer": {"class_name": "GlorotUniform",
            "config": {"seed": null}},
            "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": null,
            "bias_regularizer": null,
            "activity_regularizer": null, "kernel_constraint": null, "bias_constraint": null}}]},
         "keras_version": "2.11.0", "backend": "tensorflow"}
        """;

    internal const string Keras3 = """
        {"module": "keras", "class_name": "Sequential", "config": {"name": "sequential", "trainable": true,
          "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
            "registered_name": null},
          "layers": [
          {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 32, 32, 3],
            "dtype": "float32",
            "sparse": false, "ragged": false, "name": "input_layer"}, "registered_name": null},
          {"module": "keras.layers", "class_name": "Conv2D", "config": {"name": "conv2d", "trainable": true,
            "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
            "registered_name": null},
            "filters": 64, "kernel_size": [5, 3], "strides": [2, 1], "padding": "valid", "data_format": "channels_last",
            "dilation_rate": [1, 1], "groups": 1, "activation": {"module": "builtins", "class_name": "function",
            "config": "gelu", "registered_name": "function"}, "use_bias": false, "kernel_initializer": {"module":
            "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null}, "registered_name": null},
            "kernel_regularizer": null, "activity_regularizer": null},
            "registered_name": null, "build_config": {"input_shape": [null, 32, 32, 3]}},
          {"module": "keras.layers", "class_name": "BatchNormalization", "config": {"name": "bn", "axis": -1,
            "momentum": 0.9,
            "epsilon": 1e-05, "center": true, "scale": true, "synchronized": false}, "registered_name": null},
          {"module": "keras.layers", "class_name": "ReLU", "config": {"max_value": null, "negative_slope": 0.0,
            "threshold": 0.0}},
          {"module": "keras.layers", "class_name": "AveragePooling2D", "config": {"pool_size": [3, 3],
            "padding": "same",
            "strides": [2, 2], "data_format": "channels_last"}},
          {"module": "keras.layers", "class_name": "GlobalAveragePooling2D",
            "config": {"data_format": "channels_last", "keepdims": false}},
          {"module": "keras.layers", "class_name": "Dense", "config": {"units": 10, "activation": "linear",
            "use_bias": true,
            "lora_rank": null}},
          {"module": "keras.layers", "class_name": "Softmax", "config": {"axis": -1}}]},
         "registered_name": null, "build_config": {"input_shape": [null, 32, 32, 3]}}
        """;

    [Theory]
    [InlineData(Keras2, "conv 32 3x3 same relu | batch_norm | activation leaky_relu 0.30000001192092896 | "
        + "max_pool 2x2 | flatten | dropout 0.25 | dense 10 softmax")]
    [InlineData(Keras3, "conv 64 5x3 gelu stride 2x1 no_bias | batch_norm momentum 0.9 epsilon 1E-05 | "
        + "activation relu | avg_pool 3x3 same stride 2 | global_avg_pool | dense 10 | activation softmax")]
    [InlineData("""{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"units": 3}}]}""",
        "dense 3")]
    [InlineData("""["flatten", {"dense": {"units": 128, "activation": "relu"}}, {"dropout": 0.2}, {"dense": null}]""",
        "flatten | dense 128 relu | dropout 0.2 | dense")]
    [InlineData("""[{"conv2d": {"filters": 32, "kernel_size": 5, "padding": "same", "use_bias": false}}]""",
        "conv 32 5x5 same no_bias")]
    [InlineData("""[{"conv": {"filters": 8, "kernel": [3, 2], "stride": [2]}}, {"leaky_relu": {}}]""",
        "conv 8 3x2 stride 2 | activation leaky_relu")]
    [InlineData("""[{"class_name": "Dense", "config": {"units": 3}}, {"MaxPooling2D": {"pool_size": [2, 3]}}]""",
        "dense 3 | max_pool 2x3")]
    public void Parse_Json_GivesTheLayers(string json, string expected) =>
        Assert.Equal(expected, Architecture.Parse(json).ToString());

    [Theory]
    [InlineData("""{"class_name": "MyModel", "config": {"layers": []}}""", "The Keras model is a 'MyModel'; allowed: ")]
    [InlineData("""{"class_name": "Functional", "config": {"layers": []}}""", "1 to 500 layers, not 0")]
    [InlineData("""{"class_name": "Sequential", "config": {}}""", "no list of layers")]
    [InlineData("""{"class_name": "Sequential", "config": []}""", "1 to 500 layers, not 0")]
    [InlineData("""{"class_name": "Sequential", "config": [{"class_name": "InputLayer", "config": {}}]}""",
        "1 to 500 layers, not 0")]
    [InlineData("""{"class_name": "Sequential", "config": [{"class_name": "Sequential", "config": []}]}""",
        "a model within a model")]
    [InlineData("""{"class_name": "Sequential", "config": [3]}""", "it is not a map with a class_name")]
    [InlineData("""{"class_name": "Sequential", "config": [{"class_name": 3, "config": 4}]}""",
        "its config is not a map")]
    [InlineData("""{"layers": []}""", "An architecture is a name")]
    [InlineData("""[{"dense": {"units": 3, "dropout": 0.2}}]""", "the next item of the list: '- dropout: 0.2'")]
    [InlineData("""[{"dense": 3, "dropout": 0.2}]""", "of the list: '- dense: 3' and '- dropout: 0.2'")]
    [InlineData("""[{"dense": {"unit": 3}}]""", "'unit' is no field of a dense layer; did you mean 'units'?")]
    [InlineData("""[{"dens": {"units": 3}}]""", "did you mean 'dense'?")]
    [InlineData("""[{"dense": 3, "relu": null}]""", "not 2 names (dense, relu); indent the fields")]
    [InlineData("""[{"dense": [3]}]""", "the fields of 'dense' are a map")]
    [InlineData("""[[]]""", "a layer is a text")]
    [InlineData("""[{"relu": {"slope": 1}}]""", "'relu' has no fields")]
    [InlineData("""[{"conv": {"filters": 1, "kernel_size": 3, "kernel": 3}}]""", "kernel_size is given twice")]
    [InlineData("""{"class_name": """, "looks like JSON but cannot be read")]
    [InlineData("""["\ud800"]""", "looks like JSON but cannot be read")]
    [InlineData("""{"\ud800": 1}""", "looks like JSON but cannot be read")]
    [InlineData("""["flatten", "dense 3"] x""", "looks like JSON but cannot be read")]
    public void Parse_JsonThatIsWrongOrNotSupported_SaysWhereAndWhy(string json, string part)
    {
        var error = Assert.ThrowsAny<SweepsException>(() => Architecture.Parse(json));

        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LSTM", """{"units": 3}""", "Layer 1 'LSTM': the Keras layer 'LSTM' is not supported; networks here")]
    [InlineData("Quux", """{}""", "Layer 1 'Quux': the Keras layer 'Quux' is not supported; known: Dense")]
    [InlineData("Conv3D", """{}""", "use Conv2D or Dense")]
    [InlineData("MaxPoling2D", """{}""", "did you mean 'MaxPooling2D'?")]
    [InlineData("Reshape", """{"target_shape": [784]}""", "remove it")]
    [InlineData("Rescaling", """{"scale": 0.0078, "offset": -1}""", "only Rescaling(1/255)")]
    [InlineData("Dense", """{"units": 3, "kernel_constraint": {"class_name": "MaxNorm"}}""",
        "'kernel_constraint' is not supported; weights are not constrained here")]
    [InlineData("Dense", """{"units": 3, "activation": {"class_name": "PReLU", "config": {}}}""",
        "the activation 'PReLU' is not supported; allowed: ReLU, LeakyReLU")]
    [InlineData("Dense", """{"output_dim": 3, "W_regularizer": {"name": "L2", "l1": 0.0, "l2": 0.01}}""",
        "'kernel_regularizer' is not supported; use the hyperparameter weight_decay")]
    [InlineData("BatchNormalization", """{"mode": 1}""", "mode: 1 is not supported")]
    [InlineData("Dense", """{"name": "out", "units": "many"}""", "Layer 1 'out': units: 'many'")]
    [InlineData("Dense", """{"units": [1, 2, 3]}""", "units: a single value")]
    [InlineData("Dense", """{"units": 3, "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.01}}}""",
        "'kernel_regularizer' is not supported; use the hyperparameter weight_decay")]
    [InlineData("Conv2D", """{"filters": 3, "kernel_size": [3, 3], "dilation_rate": [2, 1]}""",
        "dilation_rate: '2x1' differs between rows and columns")]
    [InlineData("BatchNormalization", """{"scale": false}""", "scale: false is not supported")]
    [InlineData("ReLU", """{"max_value": 6.0}""", "a ReLU with max_value is not supported")]
    [InlineData("Dense", """{"units": 3, "activation": "swish"}""",
        "the activation 'swish' is not supported; known: linear")]
    [InlineData("BatchNormalization", """{"axis": [2]}""", "axis: 2 is not supported")]
    [InlineData("Dense", """{"units": 3, "trainable": false}""", "trainable: false is not supported")]
    public void Parse_KerasLayerThatIsNotSupported_SaysWhy(string name, string config, string part)
    {
        var json = $$"""{"class_name": "Sequential", "config": [{"class_name": "{{name}}", "config": {{config}}}]}""";

        var error = Assert.ThrowsAny<SweepsException>(() => Architecture.Parse(json));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_DeeplyNestedJson_IsRefused() =>
        Assert.Throws<SweepsException>(() => Architecture.Parse(new string('[', 100_000)));
}
