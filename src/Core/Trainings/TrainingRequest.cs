using Sweeps.Core.Networks;

namespace Sweeps.Core.Trainings;

/// <summary>Everything that decides the numbers of one training, and nothing else: equal requests give bit-equal
/// weights.</summary>
public sealed record TrainingRequest
{
    /// <summary>Most folds, repeats and replicates of a configuration, each.</summary>
    public const int MostOfEach = 100;

    /// <summary>The data set: <c>mnist</c>, <c>fashion-mnist</c>, <c>cifar-10</c>, <c>digits</c>, or the name of a CSV
    /// file, with or without its folder.</summary>
    public required string Data { get; init; }

    /// <summary>The digest that the data must have (<see cref="DataContent.Digest"/>); null: not compared.</summary>
    public string? DataDigest { get; init; }

    /// <summary>CSV: the label column by name or zero-based index; null: the last column.</summary>
    public string? Label { get; init; }

    /// <summary>CSV: classification or regression; null: decided from the label column.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>CSV: the column, by name or zero-based index, whose equal values stay on one side of every split; null:
    /// none.</summary>
    public string? Group { get; init; }

    /// <summary>A folder of pictures: what they are brought to; null: as they are, or other data, or data that were
    /// prepared and are known by <see cref="DataDigest"/>.</summary>
    public PictureForm? Pictures { get; init; }

    /// <summary>CSV: how its fields become numbers; null: each is one, or the data are known by
    /// <see cref="DataDigest"/>.</summary>
    public TableReading? Reading { get; init; }

    /// <summary>The configuration to train.</summary>
    public required Hyperparameters Hyperparameters { get; init; }

    /// <summary>Which samples to learn from.</summary>
    public required Split Split { get; init; }

    /// <summary>The seed of the sweep; every random stream derives from it, the configuration and the fold.</summary>
    public required long Seed { get; init; }

    /// <summary>Which of several trainings on this split, from 0: each has other initial weights, orders and dropout
    /// masks.</summary>
    public int Replicate { get; init; }

    /// <summary>The number of the training among those of one configuration, which names its random streams: the fold,
    /// where it is neither repeated nor replicated. It does not depend on how many of them there are.</summary>
    public int StreamOf() => (Split.Kind == SplitKind.KFold ? Split.Fold : 0)
        + MostOfEach * (Split.Repeat + MostOfEach * Replicate);

    /// <summary>Use only the first N samples of the shuffled training set (quick trials and shortened examples);
    /// null: all.</summary>
    public int? SampleLimit { get; init; }

    /// <summary>Stop when the validation loss has not improved for this many epochs; null: never.</summary>
    public int? Patience { get; init; }

    /// <summary>Which epoch's weights and values are the result.</summary>
    public ScoredEpoch Score { get; init; }

    /// <summary>Further numbers of the validation set to work out at the end, by their names with blanks between; null:
    /// none. They decide nothing of the training.</summary>
    public string? Metrics { get; init; }

    /// <summary>Open the test set at the end whatever the split; with <see cref="Split.All"/> it is opened in any
    /// case.</summary>
    public bool EvaluateTest { get; init; }

    /// <summary>What computes it.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>The native stages that <see cref="EngineKind.Auto"/> chooses by.</summary>
    public StageSet Stages { get; init; }

    /// <summary>Which trainings learn from their samples in the same order.</summary>
    public SampleOrder SampleOrder { get; init; }

    /// <summary>Hand the final weights back in <see cref="TrainingResult.Model"/>.</summary>
    public bool KeepModel { get; init; }

    /// <summary>Hand the state after the last epoch back in <see cref="TrainingResult.Checkpoint"/>.</summary>
    public bool KeepCheckpoint { get; init; }
}

/// <summary>Which trainings learn from their samples in the same order.</summary>
public enum SampleOrder
{
    /// <summary>None: each configuration, fold and epoch has an order of its own.</summary>
    Own,

    /// <summary>
    /// All of one split, repeat, replicate and seed, whatever their configuration; each epoch has another order. Where
    /// they have one batch size, they learn from the same batches (common random numbers).
    /// </summary>
    Shared,
}

/// <summary>Which epoch of a training is its result.</summary>
public enum ScoredEpoch
{
    /// <summary>The last one that ran.</summary>
    Last,

    /// <summary>
    /// The one with the lowest validation loss, the first of equals; its weights are restored. Without a validation set
    /// the last one.
    /// </summary>
    Best,
}
