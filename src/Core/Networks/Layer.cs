namespace Sweeps.Core.Networks;

/// <summary>
/// One layer as written: no shapes yet. <see cref="NetworkPlan"/> finds its shapes and weights for a given input.
/// <c>ToString</c> gives the canonical text, which reads back as an equal layer.
/// </summary>
public abstract record Layer
{
    private protected Layer()
    {
    }

    /// <summary>True when the layer has weights to learn.</summary>
    public virtual bool HasWeights => false;

    /// <summary>The activation that is part of the layer, or <see cref="Activation.None"/>.</summary>
    public virtual Activation OwnActivation => Activation.None;

    /// <summary>The canonical text.</summary>
    public sealed override string ToString() => string.Join(' ', Words());

    internal abstract IEnumerable<string> Words();

    /// <summary>Checks the numbers; throws <see cref="LayerException"/>.</summary>
    internal virtual void Validate()
    {
    }

    /// <summary>The same layer with another activation, where it has one.</summary>
    internal virtual Layer WithActivation(Activation activation) => this;

    /// <summary>
    /// What the layer makes of its input; throws <see cref="LayerException"/> when it cannot be applied.
    /// </summary>
    internal abstract LayerResult Infer(TensorShape input);

    private protected static void NeedImage(TensorShape input)
    {
        if (input.IsFlat)
        {
            throw new LayerException(
                "it needs an image (height x width x channels), not a vector; put it before 'flatten' and before "
                + "dense layers");
        }
    }
}
