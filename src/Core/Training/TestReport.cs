using System.Text.Json.Serialization;

namespace Sweeps.Core.Training;

/// <summary>The one look at the test set.</summary>
/// <param name="Loss">Mean loss.</param>
/// <param name="Metric">Accuracy in [0, 1], or mean absolute error.</param>
/// <param name="Confusion">Classification: row-major counts [true class x predicted class]; otherwise null.</param>
/// <param name="Classes">Classification: number of classes; otherwise 0.</param>
public sealed record TestReport(double Loss, double Metric, [property: JsonPropertyOrder(1)] int[]? Confusion, int Classes);
