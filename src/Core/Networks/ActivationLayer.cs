namespace Sweeps.Core.Networks;

/// <summary><c>activation tanh</c>, or <c>tanh</c> alone: an activation as a layer of its own.</summary>
/// <param name="Activation">The function.</param>
public sealed record ActivationLayer(Activation Activation) : Layer
{
    /// <inheritdoc />
    public override Activation OwnActivation => Activation;

    internal override IEnumerable<string> Words() => ["activation", Activation.ToString()];

    internal override Layer WithActivation(Activation activation) => new ActivationLayer(activation);

    internal override LayerResult Infer(TensorShape input) => LayerResult.WithoutWeights(input);
}
