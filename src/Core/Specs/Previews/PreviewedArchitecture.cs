namespace Sweeps.Core.Specs.Previews;

/// <summary>One network of a sweep.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Text">What is trained: a built-in name, or layers.</param>
/// <param name="Weights">Trainable weights.</param>
/// <param name="Configurations">Configurations that train it.</param>
/// <param name="BatchSizes">Their batch sizes, ascending.</param>
public sealed record PreviewedArchitecture(
    string Name, string Text, long Weights, int Configurations, IReadOnlyList<int> BatchSizes);
