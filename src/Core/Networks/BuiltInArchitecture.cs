namespace Sweeps.Core.Networks;

/// <summary>An architecture that has a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Layers">Its canonical text.</param>
/// <param name="Data">The data set that its source uses.</param>
/// <param name="Weights">The number of weights that its source, or the formula of its layers, gives for that data
/// set.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record BuiltInArchitecture(string Name, string Layers, string Data, long Weights, string Source);
