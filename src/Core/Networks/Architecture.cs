namespace Sweeps.Core.Networks;

/// <summary>
/// A list of layers, from the input to the output; the input's shape and the number of outputs come from the data set.
/// Equal when the layers are equal; the name is for people.
/// </summary>
public sealed class Architecture : IEquatable<Architecture>
{
    private readonly string _text;

    /// <summary>Makes an architecture of layers.</summary>
    /// <exception cref="SweepsException">No layer, too many, or a number out of range.</exception>
    public Architecture(IEnumerable<Layer> layers, string? name = null)
    {
        Layers = [.. layers];
        Name = name;
        if (Layers.Count is 0 or > NetworkLimits.MaxLayers)
        {
            throw new SweepsException(
                ErrorKind.Usage, $"An architecture has 1 to {NetworkLimits.MaxLayers} layers, not {Layers.Count}.");
        }

        for (var i = 0; i < Layers.Count; i++)
            ArchitectureReader.At(i, Layers[i].ToString, Layers[i].Validate);
        if (Layers.Count > 1 && Layers.OfType<OwnLayer>().FirstOrDefault() is { } own)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"A network of your own code ({own.Type}) stands alone: put the other layers into its module.");
        }

        _text = string.Join(" | ", Layers);
    }

    /// <summary>The name of a built-in architecture, or null.</summary>
    public string? Name { get; }

    /// <summary>The layers, the input's first.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The input that a Keras model was written for; null: it does not say, or is none. Not part of what is
    /// equal.</summary>
    internal TensorShape? WrittenFor { get; init; }

    /// <summary>The user's own code that it is; null: it has layers.</summary>
    public OwnLayer? Own => Layers[0] as OwnLayer;

    /// <summary>What to say of a Keras model on data of another shape than it was written for; null: nothing.</summary>
    /// <param name="input">The shape of one sample.</param>
    public string? NoteOn(TensorShape input)
    {
        if (WrittenFor is not { } written || written == input)
            return null;
        return written.IsFlat && written.Size == input.Size
            ? $"the model takes a vector of {written}: the {input} pictures are flattened for it"
            : $"the model was written for an input of {written}; the data have {input}, which is what it gets here";
    }

    /// <summary>
    /// Reads a built-in name (<c>mlp-128-128</c>), the short notation (<c>flatten | dense 128 relu | dense</c>), or
    /// JSON: Keras's <c>model.to_json()</c> or a list of maps.
    /// </summary>
    /// <param name="text">What to read.</param>
    /// <param name="note">Takes what a Keras model asks for and does not get; null: it is not told.</param>
    /// <exception cref="SweepsException">What is wrong, in which layer, and the nearest valid word.</exception>
    public static Architecture Parse(string text, Action<string>? note = null) => ArchitectureReader.Read(text, note);

    /// <summary>Reads the same from a tree of values: a text, a list of layers, or a Keras model.</summary>
    /// <exception cref="SweepsException">What is wrong, in which layer, and the nearest valid word.</exception>
    internal static Architecture Parse(LayerNode node, Action<string>? note = null) =>
        ArchitectureReader.Read(node, note);

    /// <summary>
    /// The architecture that a configuration trains: with its dropout rate in every dropout layer and its activation in
    /// place of every activation before the output. The output is the last dense, conv or residual layer and what
    /// follows it.
    /// </summary>
    /// <exception cref="SweepsException">The dropout rate or the activation is not valid.</exception>
    public Architecture With(double? dropout, string? activation)
    {
        if (dropout is null && activation is null)
            return this;
        if (dropout is { } rate && !(rate >= 0 && rate < 1))
        {
            throw new SweepsException(ErrorKind.Usage, FormattableString.Invariant(
                $"dropout: {rate} is out of range; allowed are numbers from 0 to below 1."));
        }

        Activation? replacement = activation is null ? null : Activation.Parse(activation);
        var output = Layers.Count - 1;
        while (output > 0 && !Layers[output].MayBeOutput)
            output--;
        var layers = Layers.Select((layer, index) =>
        {
            if (dropout is { } share)
                layer = layer.WithDropout(share);
            return replacement is { } function && index < output
                && (layer.OwnActivation.Kind != ActivationKind.Linear || layer is JoinLayer)
                ? layer.WithActivation(function)
                : layer;
        });
        return new(layers, Name);
    }

    /// <summary>Whether a dropout rate in <see cref="With"/> changes anything.</summary>
    public bool UsesDropout => !With(0.25, null).Equals(With(0.5, null));

    /// <summary>Whether an activation in <see cref="With"/> changes anything.</summary>
    public bool UsesActivation => !With(null, "relu").Equals(With(null, "tanh"));

    /// <summary>
    /// The architecture without that activation of its outputs: a loss that takes raw outputs applies it itself.
    /// </summary>
    public Architecture WithoutOutputActivation(ActivationKind absorbed)
    {
        var last = Layers[^1];
        if (absorbed == ActivationKind.Linear || last.OwnActivation.Kind != absorbed || last is BlockLayer or JoinLayer)
            return this;
        if (last is not ActivationLayer)
            return new([.. Layers.SkipLast(1), last.WithActivation(Activation.None)], Name);
        return Layers.Count == 1 ? this : new(Layers.SkipLast(1), Name);
    }

    /// <summary>What a configuration keeps: the name of a built-in one, otherwise the canonical text.</summary>
    internal string Text => Name ?? _text;

    /// <inheritdoc />
    public bool Equals(Architecture? other) => other is not null && _text == other._text;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Architecture);

    /// <inheritdoc />
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>
    /// The canonical text in the short notation; <see cref="Parse(string, Action{string})"/> reads it back as an equal
    /// architecture.
    /// </summary>
    public override string ToString() => _text;
}
