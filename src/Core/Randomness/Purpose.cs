namespace Sweeps.Core.Randomness;

/// <summary>
/// What random numbers are drawn for; part of a <see cref="StreamKey"/>, so that one use never shifts another.
/// The values enter the key: they never change, new ones are added at the end.
/// </summary>
public enum Purpose
{
    /// <summary>Initial weights; index: the tensor, in layer order.</summary>
    Weights = 1,

    /// <summary>The order of the training samples; one stream an epoch.</summary>
    Order = 2,

    /// <summary>
    /// Assignment of samples to folds or to the hold-out set; index: the class. Keyed by the seed alone.
    /// </summary>
    Folds = 3,

    /// <summary>Dropout masks; one stream an epoch; index: the layer.</summary>
    Dropout = 4,

    /// <summary>Choice of the samples that a limited training set keeps. Keyed by the seed alone.</summary>
    Subset = 5,

    /// <summary>Proposals of a searcher; index: the proposal.</summary>
    Search = 6,

    /// <summary>Decisions of a scheduler, where it draws lots.</summary>
    Scheduling = 7,

    /// <summary>Generated data sets; index: the sample.</summary>
    Data = 8,

    /// <summary>Statistics that resample: bootstrap and permutation tests.</summary>
    Analysis = 9,

    /// <summary>Simulated events: crashes, delays, clock skew.</summary>
    Simulation = 10,

    /// <summary>Changes of the pictures that are learned from; one stream an epoch, eight words a sample.</summary>
    Augmentation = 11,
}
