namespace Sweeps.Core.Analysis;

/// <summary>One configuration in a <see cref="ResultsDocument"/>.</summary>
public sealed record ConfigurationDocument
{
    /// <summary>Its index.</summary>
    public required int Configuration { get; init; }

    /// <summary>Its architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>All other parameters that are set.</summary>
    public required IReadOnlyDictionary<string, object> Parameters { get; init; }

    /// <summary>Place among those that can be the best, from 1; null: it cannot.</summary>
    public int? Rank { get; init; }

    /// <summary>Mean of the metric over folds.</summary>
    public double? Mean { get; init; }

    /// <summary>Sample standard deviation over folds.</summary>
    public double? StandardDeviation { get; init; }

    /// <summary>Standard error of the mean.</summary>
    public double? StandardError { get; init; }

    /// <summary>The metric of each fold; null: no result.</summary>
    public required IReadOnlyList<double?> Values { get; init; }

    /// <summary>Number of trainable weights.</summary>
    public required long Weights { get; init; }

    /// <summary>Mean training seconds of a fold, normalised by the silos' speeds.</summary>
    public double? TrainSeconds { get; init; }

    /// <summary>Samples learned from in a second of training.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Folds that diverged.</summary>
    public int Diverged { get; init; }

    /// <summary>Folds without a result.</summary>
    public int Missing { get; init; }

    /// <summary>Folds whose time is doubtful.</summary>
    public int Disturbed { get; init; }

    /// <summary>The folds cannot tell it from the best.</summary>
    public bool Tied { get; init; }

    /// <summary>On the front of the metric against training time.</summary>
    public bool OnTimeFront { get; init; }

    /// <summary>On the front of the metric against the number of weights.</summary>
    public bool OnWeightsFront { get; init; }
}
