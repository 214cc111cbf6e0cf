using System.Globalization;
using Sweeps.Core.Networks;

namespace Sweeps.Training.SavedModels;

/// <summary>
/// The weights of an ONNX file (onnx.ai) as tensors of layers. A name of a file says little (<c>Parameter91</c>,
/// <c>onnx::Conv_193</c>); which step of the graph takes a constant, and in which place, says what it is. Layers come
/// in the order of the way forward, one path after the other where it divides, as ours: of what is added, the longest
/// first.
/// </summary>
public sealed class OnnxWeights
{
    private const string Extension = ".onnx";
    private const int NameMax = 56;

    // The name of what tells people what was found, in a model's metadata.
    internal const string FoundName = "onnx";

    // Of weights that another order of their inputs belongs to: no layer here has such a tensor.
    private const string RowsFirst = "_rows_first";

    private static readonly string[] s_normRoles = ["gamma", "beta", "running_mean", "running_var"];

    private readonly OnnxFile _file;
    private readonly Dictionary<string, OnnxNode> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sameAs = new(StringComparer.Ordinal);
    private readonly Dictionary<OnnxNode, string> _layers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<ModelTensor> _tensors = [];
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    private OnnxWeights(OnnxFile file) => _file = file;

    /// <summary>Whether a file is one by its name.</summary>
    public static bool IsNamed(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="Core.SweepsException">It is none, is damaged, or has no weights.</exception>
    public static SavedModel Read(byte[] bytes, string source)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var file = OnnxFile.Read(bytes, source);
        var weights = new OnnxWeights(file);
        weights.Collect();
        return weights._counts.Count == 0
            ? throw file.Bad("no convolution, dense layer or normalisation of it has constant weights")
            : SavedModel.Of(
                source, new Dictionary<string, string> { [FoundName] = weights.Found() }, weights._tensors);
    }

    private void Collect()
    {
        foreach (var node in _file.Nodes)
        {
            foreach (var output in node.Outputs.Where(output => output.Length > 0))
                _makers.TryAdd(output, node);
            if (node is { Operation: "Identity", Inputs: [var from], Outputs: [var to] })
                _sameAs.TryAdd(to, from);
        }

        foreach (var node in Forward())
        {
            switch (node.Operation)
            {
                case "Conv":
                    Layer(node, "convolution", Constant(node, 1), Constant(node, 2));
                    break;
                case "Gemm":
                    Dense(node, node.Numbers.GetValueOrDefault("transB") == 0, Constant(node, 2));
                    break;
                case "MatMul":
                    Dense(node, isTurned: true, bias: null);
                    break;
                case "Add":
                    Bias(node);
                    break;
                case "BatchNormalization":
                    BatchNorm(node);
                    break;
                case "LayerNormalization" or "GroupNormalization" or "InstanceNormalization":
                    Norm(node);
                    break;
            }
        }

        // Such as the bounds of a clipped relu are no weights.
        foreach (var tensor in _file.Tensors.Values.Where(tensor =>
            tensor.Values.Length > 1 && !_used.Contains(tensor.Name)))
            _tensors.Add(tensor with { Name = Unique(tensor.Name) });
    }

    private string Found()
    {
        var counts = _counts.Select(pair => string.Create(
            CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key}{(pair.Value == 1 ? "" : "s")}"));
        return string.Join(", ", counts)
            + (_counts.ContainsKey(BatchNorms) ? "" : ", no batch_norm (exports for use alone often fold it into the "
                + "convolutions: PyTorch's keep it with training=TrainingMode.PRESERVE)");
    }

    private const string BatchNorms = "batch_norm";

    private void Layer(OnnxNode node, string kind, ModelTensor? weight, ModelTensor? bias, string mark = "")
    {
        if (weight is null)
            return;
        _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        var layer = NameOf(node, weight);
        _layers[node] = layer;
        Add(layer, $"weight{mark}", weight, weight.Shape);
        if (bias is not null)
            Add(layer, $"bias{mark}", bias, [bias.Values.Length]);
    }

    // [in, out] becomes [out, in].
    private void Dense(OnnxNode node, bool isTurned, ModelTensor? bias)
    {
        if (Constant(node, 1) is not { Shape: [var first, var second] } weight)
            return;
        if (isTurned)
        {
            var turned = new float[weight.Values.Length];
            for (var i = 0; i < turned.Length; i++)
                turned[i] = weight.Values[(i % first * second) + (i / first)];
            weight = weight with { Shape = [second, first], Values = turned };
        }

        weight = Scaled(weight, node.Numbers.GetValueOrDefault("alpha", 1));
        bias = bias is null ? null : Scaled(bias, node.Numbers.GetValueOrDefault("beta", 1));
        Layer(node, "dense layer", weight, bias, TakesRowsFirst(node) ? RowsFirst : "");
    }

    private static ModelTensor Scaled(ModelTensor tensor, double factor) => factor == 1
        ? tensor
        : tensor with { Values = [.. tensor.Values.Select(value => (float)(value * factor))] };

    // What is added to the output of a layer without a bias.
    private void Bias(OnnxNode node)
    {
        if (node.Inputs.Count != 2)
            return;
        for (var place = 0; place < 2; place++)
        {
            if (Constant(node, place) is { } bias && _makers.GetValueOrDefault(node.Inputs[1 - place]) is { } maker
                && _layers.TryGetValue(maker, out var layer) && maker.Inputs.Count == 2
                && bias.Shape.Count(size => size > 1) <= 1)
            {
                var mark = maker.Operation != "Conv" && TakesRowsFirst(maker) ? RowsFirst : "";
                if (!_names.Contains($"{layer}.bias{mark}"))
                    Add(layer, $"bias{mark}", bias, [bias.Values.Length]);
            }
        }
    }

    // Its scale is brought to the epsilon that a batch_norm has here: gamma / sqrt(var + epsilon) stays what it is.
    private void BatchNorm(OnnxNode node)
    {
        ModelTensor?[] parts = [.. Enumerable.Range(1, s_normRoles.Length).Select(place => Constant(node, place))];
        if (parts[0] is not { } scale)
            return;
        _counts[BatchNorms] = _counts.GetValueOrDefault(BatchNorms) + 1;
        var layer = NameOf(node, scale);
        if (parts[3] is { } variances && variances.Values.Length == scale.Values.Length)
        {
            var (theirs, ours) = (node.Numbers.GetValueOrDefault("epsilon", 1e-5), new BatchNormLayer().Epsilon);
            scale = scale with
            {
                Values =
                [
                    .. scale.Values.Zip(
                        variances.Values,
                        (gamma, variance) => (float)(gamma * Math.Sqrt((variance + ours) / (variance + theirs)))),
                ],
            };
        }

        foreach (var (role, part) in s_normRoles.Zip([scale, .. parts[1..]]))
        {
            if (part is not null)
                Add(layer, role, part, part.Shape);
        }
    }

    private void Norm(OnnxNode node)
    {
        if (Constant(node, 1) is not { } scale)
            return;
        const string Kind = "other normalisation";
        _counts[Kind] = _counts.GetValueOrDefault(Kind) + 1;
        var layer = NameOf(node, scale);
        Add(layer, "gamma", scale, scale.Shape);
        if (Constant(node, 2) is { } shift)
            Add(layer, "beta", shift, shift.Shape);
    }

    private void Add(string layer, string role, ModelTensor tensor, IReadOnlyList<int> shape)
    {
        _used.Add(tensor.Name);
        _names.Add($"{layer}.{role}");
        _tensors.Add(new($"{layer}.{role}", shape, tensor.Values));
    }

    // PyTorch's names are of layers; of others the step has one.
    private string NameOf(OnnxNode node, ModelTensor weight)
    {
        var (layer, role) = StartingWeights.Split(weight.Name);
        var name = layer.Length > 0 && role is "weight" or "gamma" ? layer
            : node.Name.Length > 0 ? node.Name
            : node.Outputs.FirstOrDefault(output => output.Length > 0) ?? weight.Name;
        return Unique(name);
    }

    // As a sweep file can name it: /layer1/Conv is layer1_Conv.
    private string Unique(string name)
    {
        var plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
        plain = plain[Math.Max(0, plain.Length - NameMax)..].TrimStart('.', '-', '_');
        plain = plain.Length == 0 ? "layer" : plain;
        var (unique, number) = (plain, 1);
        while (!_names.Add(unique))
            unique = string.Create(CultureInfo.InvariantCulture, $"{plain}-{++number}");
        return unique;
    }

    private ModelTensor? Constant(OnnxNode node, int place)
    {
        if (place >= node.Inputs.Count)
            return null;
        var name = node.Inputs[place];
        // A chain of names ends after as many as there are, or goes round.
        for (var i = 0; i <= _sameAs.Count; i++)
        {
            if (_file.Tensors.TryGetValue(name, out var tensor))
                return tensor;
            if (!_sameAs.TryGetValue(name, out name!))
                return null;
        }

        return null;
    }

    // TensorFlow's pictures have their channels last: a dense layer on one takes its values in that order.
    private bool TakesRowsFirst(OnnxNode node)
    {
        for (var i = 0; i < _file.Nodes.Count && node.Inputs.Count > 0; i++)
        {
            if (_makers.GetValueOrDefault(node.Inputs[0]) is not { } before)
                return false;
            if (before is { Operation: "Transpose" } && before.Lists.GetValueOrDefault("perm") is [0, 2, 3, 1])
                return true;
            if (before.Operation is not ("Reshape" or "Flatten" or "Identity" or "Dropout" or "Cast"))
                return false;
            node = before;
        }

        return false;
    }

    /// <summary>The steps from the input to the outputs; paths that meet come one after the other.</summary>
    private IEnumerable<OnnxNode> Forward()
    {
        var depths = new Dictionary<OnnxNode, int>(ReferenceEqualityComparer.Instance);
        foreach (var node in _file.Nodes)
            depths[node] = 1 + node.Inputs.Select(Depth).DefaultIfEmpty(0).Max();
        var done = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        var stack = new Stack<(OnnxNode Node, bool IsAfter)>();
        var ends = _file.Outputs.Select(value => _makers.GetValueOrDefault(value)).OfType<OnnxNode>();
        foreach (var end in ends.Concat(_file.Nodes))
        {
            stack.Push((end, false));
            while (stack.TryPop(out var step))
            {
                if (step.IsAfter)
                {
                    yield return step.Node;
                    continue;
                }

                if (!done.Add(step.Node))
                    continue;
                stack.Push((step.Node, true));
                var before = step.Node.Inputs.Select(value => _makers.GetValueOrDefault(value)).OfType<OnnxNode>();
                if (step.Node.Operation is "Add" or "Sum")
                    before = before.OrderByDescending(node => depths[node]);
                foreach (var node in before.Reverse())
                    stack.Push((node, false));
            }
        }

        int Depth(string value) =>
            _makers.GetValueOrDefault(value) is { } maker ? depths.GetValueOrDefault(maker) : 0;
    }
}
