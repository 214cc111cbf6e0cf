using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;
using Sweeps.Store;

namespace Sweeps.Silo.Slots;

/// <summary>
/// Runs one training on the slot's thread and sorts out how it ended. Reports go to the trial's grain without the
/// thread waiting for them.
/// </summary>
internal sealed partial class TrainingRunner(
    ITrainer trainer, SiloIdentity identity, GrainReports reports, ILogger<TrainingRunner> logger)
{
    /// <summary>Runs it.</summary>
    /// <returns>Whether it gave a result.</returns>
    public bool Run(SlotTraining training)
    {
        var assignment = training.Assignment;
        using var scope = logger.BeginScope(new Dictionary<string, object>
        {
            ["Sweep"] = assignment.Key.Sweep,
            ["Trial"] = assignment.Key.Attempt.Trial.ToString(),
            ["Attempt"] = assignment.Key.Number,
        });
        using var span = Begin(assignment);
        if (assignment.Timeout is { } timeout)
            training.LimitTime(timeout);
        training.Reported = reports.Epochs;
        LogStarted(training.Slot, training.Resume != null);
        AttemptEnd end;
        try
        {
            end = Train(training);
        }
        catch (OperationCanceledException) when (training.Cancellation.IsCancellationRequested)
        {
            end = Stopped(training);
        }
        catch (TrainingException error)
        {
            end = Failed(training, error.Kind, error.Message);
        }
        catch (OutOfMemoryException error)
        {
            end = Failed(training, TrainingFailure.OutOfMemory, error.Message);
        }
        catch (Exception error) // The slot never dies of a trial.
        {
            LogFailed(error, assignment.Key);
            end = Failed(training, TrainingFailure.Error, $"{error.GetType().Name}: {error.Message}");
        }

        LogEnded(end.Ending, end.Reason);
        SweepsTelemetry.Attempts.Add(1, new KeyValuePair<string, object?>("ending", Word(end.Ending)));
        span?.SetTag("sweeps.ending", Word(end.Ending)).SetTag("sweeps.epochs", training.Epoch);
        if (end.Ending == AttemptEnding.Failed)
            span?.SetStatus(ActivityStatusCode.Error, end.Reason);
        reports.End(training, end with { CheckpointLoss = training.CheckpointLoss });
        return end.Ending is AttemptEnding.Completed or AttemptEnding.AtRung;
    }

    private Activity? Begin(TrialAssignment assignment) => SweepsTelemetry.Source
        .StartActivity("attempt", ActivityKind.Consumer, SweepsTelemetry.Parent(assignment.Trace))?
        .SetTag("sweeps.sweep", assignment.Key.Sweep)
        .SetTag("sweeps.trial", assignment.Key.Attempt.Trial.ToString())
        .SetTag("sweeps.attempt", assignment.Key.Number)
        .SetTag("sweeps.silo", identity.Name);

    private static string Word(AttemptEnding ending) => ending switch
    {
        AttemptEnding.AtRung => "at_rung",
        AttemptEnding.TimedOut => "timed_out",
        _ => ending.ToString().ToLowerInvariant(),
    };

    private AttemptEnd Train(SlotTraining training)
    {
        var key = training.Assignment.Key;
        var result = TrainOrStartAgain(training);
        if (result.Outcome == TrainingOutcome.Stopped && !training.IsAtRung)
            return Stopped(training);
        var summary = TrialResult.From(result, training.Neighbours, identity.Speed);
        var ending = result.Outcome == TrainingOutcome.Stopped ? AttemptEnding.AtRung : AttemptEnding.Completed;
        return new(key, ending)
        {
            Result = summary,
            Reason = result.Reason,
            Epoch = result.Epochs.Count,
            Model = result.Model,
            KeptCheckpoint = result.Checkpoint,
            // What the attempt before left is kept under this one's number, or a lost attempt in between that still
            // trains could put an earlier epoch in its place.
            Checkpoint = ending == AttemptEnding.AtRung && !training.HasTrained ? training.Resume : null,
        };
    }

    /// <summary>A checkpoint that cannot be used costs its epochs, never the trial.</summary>
    private TrainingResult TrainOrStartAgain(SlotTraining training)
    {
        if (training.Resume is not { } checkpoint)
            return trainer.Train(training.Assignment.Request, training, null, training.Cancellation);
        try
        {
            return trainer.Train(training.Assignment.Request, training, checkpoint.AsMemory(), training.Cancellation);
        }
        catch (TrainingException error) when (error.Kind == TrainingFailure.Checkpoint)
        {
            LogCheckpoint(error, training.Assignment.Key);
            training.CheckpointLoss = error.Message;
            training.Resumed(0);
            return trainer.Train(training.Assignment.Request, training, null, training.Cancellation);
        }
    }

    private static AttemptEnd Stopped(SlotTraining training)
    {
        var stop = training.StopRequest;
        return new(training.Assignment.Key, stop?.Ending ?? AttemptEnding.Released)
        {
            Reason = stop?.Reason ?? "the training stopped though nobody asked it to",
            Epoch = training.Epoch,
            IsStalled = stop is null,
        };
    }

    private static AttemptEnd Failed(SlotTraining training, TrainingFailure kind, string message) =>
        new(training.Assignment.Key, AttemptEnding.Failed) { Failure = kind, Reason = message, Epoch = training.Epoch };

    [LoggerMessage(Level = LogLevel.Debug, Message = "The attempt begins in slot {Slot} (resumed: {Resumed})")]
    private partial void LogStarted(int slot, bool resumed);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The attempt ended: {Ending} {Reason}")]
    private partial void LogEnded(AttemptEnding ending, string? reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The checkpoint of {Attempt} cannot be used: it starts again")]
    private partial void LogCheckpoint(Exception error, AttemptKey attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Attempt} failed")]
    private partial void LogFailed(Exception error, AttemptKey attempt);
}
