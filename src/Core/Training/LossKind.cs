namespace Sweeps.Core.Training;

/// <summary>What a training minimises, as a mean over the batch.</summary>
public enum LossKind
{
    /// <summary>Softmax and negative log-likelihood of the true class; the default for classification.</summary>
    CrossEntropy,

    /// <summary>Sigmoid and binary cross-entropy, averaged over the outputs; classes are one-hot.</summary>
    BinaryCrossEntropy,

    /// <summary>Mean of squared differences over samples and outputs; the default for regression. Classes are
    /// one-hot.</summary>
    MeanSquaredError,
}
