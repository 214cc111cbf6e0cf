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

    /// <summary>
    /// The key of the trial's grain: <c>sweep/configuration/fold/number</c>. The number makes it new to every silo: a
    /// cluster remembers where a grain lived, and would look for the next attempt's on the silo that lost the last one.
    /// </summary>
    [JsonIgnore]
    public string TrialGrainKey => string.Create(
        CultureInfo.InvariantCulture, $"{Sweep}/{Configuration}/{Fold}/{Number}");

    /// <summary>Names an attempt of a sweep.</summary>
    public static AttemptKey Of(string sweep, AttemptId attempt) =>
        new(sweep, attempt.Trial.Configuration, attempt.Trial.Fold, attempt.Number);

    /// <inheritdoc />
    public override string ToString() => $"{Sweep} {Attempt}";
}

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

/// <summary>How an attempt ended on its silo.</summary>
public enum AttemptEnding
{
    /// <summary>The training gave a result; a diverged one is a result.</summary>
    Completed,

    /// <summary>The scheduler ended it before its last epoch.</summary>
    Stopped,

    /// <summary>The training failed.</summary>
    Failed,

    /// <summary>The silo hands the trial back: it drains, or has too many trials in hand.</summary>
    Released,

    /// <summary>It ran longer than allowed.</summary>
    TimedOut,

    /// <summary>The sweep wants it no more (cancelled, or another attempt is current): nothing to report.</summary>
    Dropped,
}

/// <summary>What one epoch or several gave.</summary>
/// <param name="Key">The attempt.</param>
/// <param name="Reports">The numbers of each epoch since the last report.</param>
/// <param name="Checkpoint">The state to resume from after the last of them; null: not this time.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.EpochCompletion")]
public sealed record EpochCompletion(
    [property: Id(0)] AttemptKey Key,
    [property: Id(1)] EpochNumbers[] Reports,
    [property: Id(2)] byte[]? Checkpoint);

/// <summary><see cref="EpochReport"/> in a form that travels between silos; its members mean the same.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="TrainLoss">Mean training loss.</param>
/// <param name="TrainMetric">Training accuracy or mean absolute error.</param>
/// <param name="ValidationLoss">Validation loss; NaN without one.</param>
/// <param name="ValidationMetric">Validation accuracy or mean absolute error; NaN without one.</param>
/// <param name="TrainSeconds">Wall seconds of training.</param>
/// <param name="EvaluationSeconds">Wall seconds of evaluation.</param>
/// <param name="CpuSeconds">CPU seconds of the training thread.</param>
/// <param name="Samples">Samples learned from.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.EpochNumbers")]
public sealed record EpochNumbers(
    [property: Id(0)] int Epoch,
    [property: Id(1)] double TrainLoss,
    [property: Id(2)] double TrainMetric,
    [property: Id(3)] double ValidationLoss,
    [property: Id(4)] double ValidationMetric,
    [property: Id(5)] double TrainSeconds,
    [property: Id(6)] double EvaluationSeconds,
    [property: Id(7)] double CpuSeconds,
    [property: Id(8)] int Samples)
{
    /// <summary>From the trainer's report.</summary>
    public static EpochNumbers From(EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new(
            report.Epoch, report.TrainLoss, report.TrainMetric, report.ValidationLoss, report.ValidationMetric,
            report.TrainSeconds, report.EvaluationSeconds, report.CpuSeconds, report.Samples);
    }

    /// <summary>Back to the trainer's report.</summary>
    public EpochReport ToReport() => new(
        Epoch, TrainLoss, TrainMetric, ValidationLoss, ValidationMetric, TrainSeconds, EvaluationSeconds, CpuSeconds,
        Samples);
}

/// <summary>Ends a training.</summary>
/// <param name="Ending">What to report: stopped, released or dropped.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="AtOnce">Do not finish the running epoch.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.StopRequest")]
public sealed record StopRequest(
    [property: Id(0)] AttemptEnding Ending,
    [property: Id(1)] string Reason,
    [property: Id(2)] bool AtOnce);

/// <summary>
/// What a slot does now.
/// </summary>
/// <param name="Slot">The slot, from 0; -1: the trial waits for one.</param> <param name="Key">The attempt it
/// trains.</param> <param name="Label">The configuration in a few words.</param> <param name="Epoch">The running epoch,
/// from 1; 0: loading.</param> <param name="Epochs">Epochs in all.</param> <param name="Share">The share of the running
/// epoch that is done, in [0, 1].</param> <param name="Metric">Validation metric of the last epoch (training's where
/// there is no validation set); NaN before.</param> <param name="ImagesPerSecond">Samples learned from in a second, of
/// the last epoch.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.TrialActivity")]
public sealed record TrialActivity(
    [property: Id(0)] int Slot,
    [property: Id(1)] AttemptKey Key,
    [property: Id(2)] string Label,
    [property: Id(3)] int Epoch,
    [property: Id(4)] int Epochs,
    [property: Id(5)] double Share,
    [property: Id(6)] double Metric,
    [property: Id(7)] double ImagesPerSecond)
{
    /// <summary>The silo, where several are shown together; otherwise null.</summary>
    [Id(8)]
    public string? Silo { get; init; }
}
