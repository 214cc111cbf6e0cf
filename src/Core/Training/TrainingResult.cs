namespace Sweeps.Core.Training;

/// <summary>The result of one training.</summary>
public sealed record TrainingResult
{
    /// <summary>How it ended.</summary>
    public required TrainingOutcome Outcome { get; init; }

    /// <summary>Why, where the outcome needs a reason: <c>loss became NaN in epoch 2, step 17</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>One report an epoch, from the first epoch even when resumed.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>Number of trainable weights.</summary>
    public required long Weights { get; init; }

    /// <summary>SHA-256 of the final weights, lower-case hex: parameters then running statistics, in layer order, as
    /// little-endian floats.</summary>
    public required string WeightsDigest { get; init; }

    /// <summary>Wall seconds of training alone, over all epochs and attempts.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Loss and metric on the test set; null unless the split is <see cref="Split.All"/> or the request
    /// says so; null when diverged.</summary>
    public TestReport? Test { get; init; }

    /// <summary>
    /// The final weights and running statistics as a safetensors file (huggingface.co/docs/safetensors), named by
    /// layer and
    /// role, with the training described in its metadata; null unless <see cref="TrainingRequest.KeepModel"/>.
    /// </summary>
    public byte[]? Model { get; init; }
}
