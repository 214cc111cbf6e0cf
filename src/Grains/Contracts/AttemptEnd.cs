using Sweeps.Core.Training;

namespace Sweeps.Grains.Contracts;

/// <summary>The last report of an attempt.</summary>
/// <param name="Key">The attempt.</param>
/// <param name="Ending">How it ended.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.AttemptEnd")]
public sealed record AttemptEnd([property: Id(0)] AttemptKey Key, [property: Id(1)] AttemptEnding Ending)
{
    /// <summary>Why, for people; null where the ending says it all.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>
    /// Completed: the trial's result, as <see cref="Core.Log.TrialResultJson"/> writes it; otherwise null.
    /// </summary>
    [Id(3)]
    public byte[]? Result { get; init; }

    /// <summary>Failed: the kind, which decides the cure; otherwise null.</summary>
    [Id(4)]
    public TrainingFailure? Failure { get; init; }

    /// <summary>Epochs done.</summary>
    [Id(5)]
    public int Epoch { get; init; }

    /// <summary>The numbers of each epoch since the last report.</summary>
    [Id(6)]
    public EpochNumbers[] Reports { get; init; } = [];

    /// <summary>Released: the state to resume from, if it could be taken; otherwise null.</summary>
    [Id(7)]
    public byte[]? Checkpoint { get; init; }

    /// <summary>Completed refit: the final weights; otherwise null.</summary>
    [Id(8)]
    public byte[]? Model { get; init; }

    /// <summary>The store holds a checkpoint of the trial, to be let go of once the trial is done.</summary>
    [Id(9)]
    public bool HasCheckpoint { get; init; }
}
