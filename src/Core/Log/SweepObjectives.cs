using System.Text.Json.Serialization;

namespace Sweeps.Core.Log;

/// <summary>
/// What a plan asks for beyond one metric whose best configuration is refitted: further objectives, and another rule
/// for the choice.
/// </summary>
public sealed record SweepObjectives
{
    /// <summary>Most objectives of a sweep, the first included.</summary>
    public const int Most = 4;

    /// <summary>What is optimised beside <see cref="SweepPlan.Metric"/>; empty: nothing.</summary>
    public IReadOnlyList<SweepMetric> Further { get; init; } = [];

    /// <summary>Which configuration is refitted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FinalChoice Choose { get; init; }

    /// <summary>The shape of one sample, as <c>28x28x1</c>; null where no objective needs it.</summary>
    public string? Input { get; init; }

    /// <summary>Classes, or 1 for a regression; 0 without <see cref="Input"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Outputs { get; init; }

    /// <inheritdoc />
    public bool Equals(SweepObjectives? other) => other is not null && Further.SequenceEqual(other.Further)
        && Choose == other.Choose && Input == other.Input && Outputs == other.Outputs;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Further.Count, Choose, Input, Outputs);
}

/// <summary>Which configuration a sweep chooses in the end.</summary>
public enum FinalChoice
{
    /// <summary>The best by the first objective.</summary>
    Best,

    /// <summary>
    /// Of the front the one farthest before the line between its ends (Das, "On characterizing the knee of the Pareto
    /// curve", Structural Optimization 18, 1999).
    /// </summary>
    Knee,

    /// <summary>
    /// Within one standard error of the best by the first objective, the least in the second; of weights where there is
    /// no second.
    /// </summary>
    OneStandardError,
}
