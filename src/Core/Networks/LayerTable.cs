namespace Sweeps.Core.Networks;

/// <summary>
/// The words for layers and their fields: ours and Keras's. Case, <c>_</c> and <c>-</c> do not matter.
/// </summary>
internal static class LayerTable
{
    /// <param name="Name">Our word for the layer.</param>
    /// <param name="Aliases">Other words, Keras's class among them.</param>
    /// <param name="Positional">Fields that numbers without a word fill, in order.</param>
    /// <param name="Named">The other fields.</param>
    internal sealed record Entry(string Name, string[] Aliases, string[] Positional, string[] Named)
    {
        public IEnumerable<string> Fields => Positional.Concat(Named);

        public bool Has(string field) => Array.IndexOf(Positional, field) >= 0 || Array.IndexOf(Named, field) >= 0;
    }

    public static IReadOnlyList<Entry> Entries { get; } =
    [
        new("flatten", [], [], []),
        new("dense", ["linear_layer", "fully_connected"], ["units"], ["activation", "use_bias"]),
        new(
            "conv",
            ["conv2d", "convolution2d"],
            ["filters", "kernel_size"],
            ["strides", "padding", "activation", "use_bias", "groups", "dilation_rate"]),
        new(
            "depthwise_conv",
            ["depthwise_conv2d"],
            ["kernel_size"],
            ["strides", "padding", "activation", "use_bias", "depth_multiplier", "dilation_rate"]),
        new(
            "separable_conv",
            ["separable_conv2d", "separable_convolution2d"],
            ["filters", "kernel_size"],
            ["strides", "padding", "activation", "use_bias", "depth_multiplier", "dilation_rate"]),
        new("max_pool", ["max_pool2d", "max_pooling2d"], ["pool_size"], ["strides", "padding"]),
        new("avg_pool", ["avg_pool2d", "average_pooling2d", "average_pool"], ["pool_size"], ["strides", "padding"]),
        new("global_avg_pool", ["global_average_pooling2d", "global_avg_pool2d", "global_average_pool"], [], []),
        new("activation", [], [], ["activation"]),
        new("dropout", [], ["rate"], []),
        new("batch_norm", ["batch_normalization"], [], ["momentum", "epsilon"]),
        new("layer_norm", ["layer_normalization"], [], ["epsilon"]),
        new("group_norm", ["group_normalization"], ["groups"], ["epsilon"]),
        new("squeeze_excite", ["squeeze_excitation"], ["ratio"], []),
        new("bottleneck", ["bottleneck_block"], ["filters"], ["strides", "padding", "activation", "squeeze"]),
        new("residual", ["residual_block"], ["filters", "kernel_size"], ["strides", "padding", "activation"]),
        new("normalize", ["normalise"], [], ["mean", "std", "channels", "as"]),
    ];

    /// <summary>Our words for layers and activations: what may begin a layer.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Entries.Select(entry => entry.Name), "add", "concat", .. Activation.Names];

    private static readonly Dictionary<string, Entry> s_byName = Entries
        .SelectMany(entry => entry.Aliases.Prepend(entry.Name).Select(name => (Name: Normalize(name), Entry: entry)))
        .ToDictionary(pair => pair.Name, pair => pair.Entry, StringComparer.Ordinal);

    private static readonly Dictionary<string, string> s_fields = new(StringComparer.Ordinal)
    {
        ["units"] = "units",
        ["filters"] = "filters",
        ["kernelsize"] = "kernel_size",
        ["kernel"] = "kernel_size",
        ["strides"] = "strides",
        ["stride"] = "strides",
        ["padding"] = "padding",
        ["pad"] = "padding",
        ["poolsize"] = "pool_size",
        ["size"] = "pool_size",
        ["activation"] = "activation",
        ["usebias"] = "use_bias",
        ["bias"] = "use_bias",
        ["rate"] = "rate",
        ["momentum"] = "momentum",
        ["epsilon"] = "epsilon",
        ["groups"] = "groups",
        ["dilationrate"] = "dilation_rate",
        ["dilation"] = "dilation_rate",
        ["depthmultiplier"] = "depth_multiplier",
        ["multiplier"] = "depth_multiplier",
        ["ratio"] = "ratio",
        ["squeeze"] = "squeeze",
        ["mean"] = "mean",
        ["std"] = "std",
        ["deviation"] = "std",
        ["channels"] = "channels",
        ["as"] = "as",
    };

    public static string Normalize(string word) =>
        word.ToLowerInvariant().Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    /// <summary>The layer of that name, or null.</summary>
    public static Entry? Find(string word) => s_byName.GetValueOrDefault(Normalize(word));

    /// <summary>Why a word is no layer, and what to write instead.</summary>
    public static string Unknown(string word) => KerasLayer.Instead(word) is { } instead
        ? $"the layer '{Quote.Short(word)}' is not supported; {instead}"
        : $"there is no layer '{Quote.Short(word)}'{NearestName.Suggest(word, Names)}";

    /// <summary>The field of that name in the layer, or null.</summary>
    public static string? FindField(Entry entry, string word) =>
        s_fields.TryGetValue(Normalize(word), out var field) && entry.Has(field) ? field : null;
}
