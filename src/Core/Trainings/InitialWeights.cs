using System.Collections.Immutable;

namespace Sweeps.Core.Trainings;

/// <summary>Weights that a training starts with, by their content.</summary>
/// <param name="Name">As the sweep file calls them; it decides nothing.</param>
/// <param name="Digest">SHA-256, lower-case hex, of the file of tensors (<see cref="DataFile.Digest"/>).</param>
public sealed record WeightsReference(string Name, string Digest)
{
    /// <summary>No weights: they are drawn, as without <c>initial_weights</c>.</summary>
    public const string None = "none";

    private const int Shown = 12;

    /// <summary><c>digits 3fa2b1c09d4e</c>.</summary>
    public override string ToString() => $"{Name} {(Digest.Length > Shown ? Digest[..Shown] : Digest)}";
}

/// <summary>Weights under the name that a sweep file gives them.</summary>
/// <param name="Name">As <c>parameters.initial_weights</c> names them.</param>
/// <param name="Model">A saved model (file or folder), a safetensors or ONNX file of another program, or a
/// sweep's id.</param>
public sealed record NamedWeights(string Name, string Model)
{
    /// <summary>Of another program's file: its layers or tensors, and the layer (by number, from 1) or tensor that each
    /// becomes; empty: names are taken as they are.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Names { get; init; } = [];

    /// <summary>The tensors go to the layers with weights in order, whatever their names.</summary>
    public bool InOrder { get; init; }

    /// <summary>The digest of the weights, once they have been read; null: not yet.</summary>
    public string? Digest { get; init; }
}
