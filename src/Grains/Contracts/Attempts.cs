using System.Globalization;
using System.Text.Json.Serialization;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Contracts;

/// <summary>Names one attempt among all sweeps.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Configuration">The configuration, from 0.</param>
/// <param name="Fold">The fold, from 0; -1: the refit.</param>
/// <param name="Number">The attempt, from 1.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.AttemptKey")]
public sealed record AttemptKey(
    [property: Id(0)] string Sweep,
    [property: Id(1)] int Configuration,
    [property: Id(2)] int Fold,
    [property: Id(3)] int Number)
{
    /// <summary>The attempt within its sweep.</summary>
    [JsonIgnore]
    public AttemptId Attempt => new(new TrialId(Configuration, Fold), Number);

    /// <summary>The trial in the store's rows.</summary>
    [JsonIgnore]
    public TrialKey Trial => new(Sweep, Configuration, Fold);

    /// <summary>The key of the trial's grain: <c>sweep/configuration/fold</c>.</summary>
    [JsonIgnore]
    public string TrialGrainKey => string.Create(CultureInfo.InvariantCulture, $"{Sweep}/{Configuration}/{Fold}");

    /// <summary>Names an attempt of a sweep.</summary>
    public static AttemptKey Of(string sweep, AttemptId attempt) =>
        new(sweep, attempt.Trial.Configuration, attempt.Trial.Fold, attempt.Number);

    /// <inheritdoc />
    public override string ToString() => $"{Sweep} {Attempt}";
}

/// <summary>How an attempt ended on its silo.</summary>
public enum AttemptEnding
{
    /// <summary>The training gave a result; a diverged one is a result.</summary>
    Completed,

    /// <summary>The training failed, or could not be started.</summary>
    Failed = 2,

    /// <summary>The silo hands the trial back: it drains, or has too many trials in hand.</summary>
    Released,

    /// <summary>It ran longer than allowed.</summary>
    TimedOut,

    /// <summary>The sweep wants it no more (cancelled, or another attempt is current): nothing to report.</summary>
    Dropped,

    /// <summary>The training stands at the epoch that its assignment named, with its checkpoint saved.</summary>
    AtRung,
}

/// <summary>What one epoch or several gave.</summary>
/// <param name="Key">The attempt.</param>
/// <param name="Reports">The numbers of each epoch since the last report.</param>
/// <param name="Checkpoint">The state to resume from after the last of them; null: not this time.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.EpochCompletion")]
public sealed record EpochCompletion(
    [property: Id(0)] AttemptKey Key,
    [property: Id(1)] EpochReport[] Reports,
    [property: Id(2)] byte[]? Checkpoint)
{
    /// <summary>How the weights were distributed, of trainings whose weights are kept.</summary>
    [Id(3)]
    public EpochWeights[] Weights { get; init; } = [];
}

/// <summary>The last report of an attempt.</summary>
[GenerateSerializer, Immutable, Alias("Sweeps.AttemptEnd")]
public sealed record AttemptEnd([property: Id(0)] AttemptKey Key, [property: Id(1)] AttemptEnding Ending)
{
    /// <summary>Why, for people; null where the ending says it all.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>Completed: the trial's result; at a rung: what it gave so far; otherwise null.</summary>
    [Id(3)]
    public TrialResult? Result { get; init; }

    /// <summary>Failed: the kind, which decides the cure; otherwise null.</summary>
    [Id(4)]
    public TrainingFailure? Failure { get; init; }

    /// <summary>Epochs done.</summary>
    [Id(5)]
    public int Epoch { get; init; }

    /// <summary>The numbers of each epoch since the last report.</summary>
    [Id(6)]
    public EpochReport[] Reports { get; init; } = [];

    /// <summary>Released or at a rung: the state to resume from, if it could be taken; otherwise null.</summary>
    [Id(7)]
    public byte[]? Checkpoint { get; init; }

    /// <summary>Completed refit: the final weights; otherwise null.</summary>
    [Id(8)]
    public byte[]? Model { get; init; }

    /// <summary>The store holds a checkpoint of the trial, to be released once the trial is done.</summary>
    [Id(9)]
    public bool HasCheckpoint { get; init; }

    /// <summary>Released: not because the silo ends, but because the attempt could not begin.</summary>
    [Id(10)]
    public bool IsStalled { get; init; }

    /// <summary>Why it began from the start and not from the trial's checkpoint; null: it did not have to.</summary>
    [Id(11)]
    public string? CheckpointLoss { get; init; }

    /// <summary>Completed, where checkpoints are kept: the state after the last epoch; otherwise null.</summary>
    [Id(12)]
    public byte[]? KeptCheckpoint { get; init; }

    /// <summary>As <see cref="EpochCompletion.Weights"/>, since the last report.</summary>
    [Id(13)]
    public EpochWeights[] Weights { get; init; } = [];
}
