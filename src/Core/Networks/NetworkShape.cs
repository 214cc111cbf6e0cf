using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// An architecture on a data set: every layer with its shapes and weights. Making one allocates no tensor.
/// </summary>
public sealed class NetworkShape
{
    private NetworkShape(Architecture architecture, TensorShape input, IReadOnlyList<LayerShape> layers)
    {
        Architecture = architecture;
        Input = input;
        Layers = layers;
        Weights = layers.Sum(layer => layer.Weights);
        Statistics = layers.Sum(layer => layer.Statistics);
        MultiplyAdds = layers.Sum(layer => layer.MultiplyAdds);
        ActivationsPerSample = input.Size + layers.Sum(layer => layer.Output.Size);
    }

    /// <summary>What was planned.</summary>
    public Architecture Architecture { get; }

    /// <summary>The shape of one sample.</summary>
    public TensorShape Input { get; }

    /// <summary>The layers, the input's first.</summary>
    public IReadOnlyList<LayerShape> Layers { get; }

    /// <summary>Weights to learn; gamma and beta of batch_norm included, running statistics not.</summary>
    public long Weights { get; }

    /// <summary>Running means and variances of batch_norm.</summary>
    public long Statistics { get; }

    /// <summary>
    /// Products that one sample takes on its way forward, each added to a sum: those of dense layers and convolutions.
    /// Biases, activations, pools and normalisations are not counted, as in the tables of He et al. (2016) and those
    /// that compare networks since.
    /// </summary>
    public long MultiplyAdds { get; }

    /// <summary>Memory of weights and running statistics as 4-byte floats.</summary>
    public long ParameterBytes => (Weights + Statistics) * sizeof(float);

    /// <summary>
    /// Values of one sample, from the input to the output: what a training step keeps for its gradients.
    /// </summary>
    public long ActivationsPerSample { get; }

    /// <summary>Memory of <see cref="ActivationsPerSample"/> as 4-byte floats.</summary>
    public long ActivationBytesPerSample => ActivationsPerSample * sizeof(float);

    /// <summary>Infers the shapes layer by layer.</summary>
    /// <param name="architecture">The layers.</param>
    /// <param name="input">The shape of one sample.</param>
    /// <param name="outputs">Classes or targets of the data set: the size of a last dense layer without
    /// one.</param>
    /// <exception cref="SweepsException">A layer cannot be applied to its input, the output does not fit the data set,
    /// or a bound is passed.</exception>
    public static NetworkShape Create(Architecture architecture, TensorShape input, int outputs)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(input.Size, nameof(input));
        var lastWithWeights = architecture.Layers.Count - 1;
        while (lastWithWeights >= 0
            && !architecture.Layers[lastWithWeights].MayBeOutput)
            lastWithWeights--;
        var planned = new List<LayerShape>(architecture.Layers.Count);
        var shape = input;
        long weights = 0, activations = input.Size;
        for (var i = 0; i < architecture.Layers.Count; i++)
        {
            var layer = architecture.Layers[i];
            if (i == lastWithWeights && layer is DenseLayer { Units: null } dense)
                layer = dense with { Units = outputs };
            if (layer is OwnLayer own)
                layer = own with { Outputs = outputs };
            var next = Infer(architecture, i, layer, shape);
            weights += next.Weights;
            activations += next.Output.Size;
            if (next.Output.Size > NetworkLimits.MaxActivations)
                throw TooLarge(architecture, next, "values for one sample", next.Output.Size,
                    NetworkLimits.MaxActivations);
            if (activations > NetworkLimits.MaxTotalActivations)
                throw TooLarge(architecture, next, "values for one sample up to here", activations,
                    NetworkLimits.MaxTotalActivations);
            if (weights > NetworkLimits.MaxWeights)
                throw TooLarge(architecture, next, "weights up to here", weights, NetworkLimits.MaxWeights);
            planned.Add(next);
            shape = next.Output;
        }

        CheckOutput(architecture, shape, outputs);
        return new(architecture, input, planned);
    }

    private static LayerShape Infer(Architecture architecture, int index, Layer layer, TensorShape input)
    {
        try
        {
            var result = layer.Infer(input);
            return new(
                index, layer, input, result.Output, result.Parameters, result.Statistics, result.MultiplyAdds);
        }
        catch (LayerException problem)
        {
            throw new ArchitectureException(
                index,
                Sentence.Ended(
                    $"{Place(architecture, index, layer)} cannot follow an output of {input}: {problem.Message}"),
                problem);
        }
    }

    private static void CheckOutput(Architecture architecture, TensorShape output, int outputs)
    {
        // One output can tell two classes apart; whether the loss takes it, the configuration says.
        if (output.IsFlat && (output.Channels == outputs || (output.Channels == 1 && outputs == 2)))
            return;
        var advice = architecture.Own is not null ? "let its forward give as many values for each sample"
            : output.IsFlat
            ? "end it with 'dense', which takes its size from the data set"
            : "end it with 'flatten | dense'";
        throw new SweepsException(
            ErrorKind.Usage,
            $"The architecture '{Title(architecture)}' ends with {output} values a sample, "
            + $"but the data set has {outputs} {(outputs == 1 ? "output" : "outputs")}; {advice}.");
    }

    private static ArchitectureException TooLarge(
        Architecture architecture, LayerShape layer, string what, long value, long largest) => new(
        layer.Index,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Place(architecture, layer.Index, layer.Layer)} on an input of {layer.Input} makes the network too "
            + $"large: {value:N0} {what}, "
            + $"at most {largest:N0} are allowed; make it smaller or pool before it."));

    private static string Place(Architecture architecture, int index, Layer layer) => architecture.Name is { } name
        ? string.Create(CultureInfo.InvariantCulture, $"Layer {index + 1} '{layer}' of {name}")
        : string.Create(CultureInfo.InvariantCulture, $"Layer {index + 1} '{layer}'");

    private static string Title(Architecture architecture) =>
        architecture.Name ?? architecture.Own?.Type ?? Quote.Short(architecture.ToString());
}

/// <summary>One layer with its shapes.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Layer">The layer; a dense layer has its size here.</param>
/// <param name="Input">The shape before it.</param>
/// <param name="Output">The shape after it.</param>
/// <param name="Parameters">Its trainable tensors, in the order of the checkpoint; a residual block: its layers, then
/// its shortcut.</param>
/// <param name="Statistics">Values kept but not trained: running means and variances.</param>
/// <param name="MultiplyAdds">Products that one sample takes, each added to a sum.</param>
public sealed record LayerShape(
    int Index,
    Layer Layer,
    TensorShape Input,
    TensorShape Output,
    IReadOnlyList<ParameterShape> Parameters,
    long Statistics,
    long MultiplyAdds)
{
    /// <summary>Number of weights to learn.</summary>
    public long Weights { get; } = Parameters.Sum(parameter => parameter.Size);
}
