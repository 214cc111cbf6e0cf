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
    /// <summary>What trainings have in common that gain by one pass, <see cref="ITrainer.GroupOf"/>.</summary>
    public object? GroupOf(TrialAssignment assignment) => assignment.IsExclusive || assignment.Timeout is not null
        ? null // A time limit means a time alone.
        : trainer.GroupOf(assignment.Request);

    /// <summary>Runs it.</summary>
    /// <returns>Whether it gave a result.</returns>
    public bool Run(SlotTraining training)
    {
        using var span = Begin(training);
        return End(training, span, () => OrFromTheStart(training, () => trainer.Train(
            training.Assignment.Request, training, StateOf(training), training.Cancellation)));
    }

    /// <summary>Runs several side by side; each ends by itself.</summary>
    /// <param name="trainings">Those of one group, <see cref="GroupOf"/>.</param>
    /// <param name="ended">Told of each, and whether it gave a result, when it has reported its end.</param>
    public void RunTogether(IReadOnlyList<SlotTraining> trainings, Action<SlotTraining, bool> ended)
    {
        var left = new Dictionary<SlotTraining, Activity?>();
        foreach (var training in trainings)
        {
            left.Add(training, Begin(training));
            // Theirs are beside each other, none is the parent of another.
            Activity.Current = null;
        }

        try
        {
            trainer.TrainTogether([.. trainings.Select(training => new TrainingTask(
                training.Assignment.Request, training, StateOf(training), train => EndOne(training, train),
                training.Cancellation)
            {
                BeginsAgain = error => BeginsAgain(training, error),
            })]);
        }
        catch (Exception error)
        {
            LogTogether(error, trainings.Count, left.Count);
            foreach (var training in left.Keys.ToList())
                EndOne(training, () => throw error);
        }

        void EndOne(SlotTraining training, Func<TrainingResult> train)
        {
            if (!left.Remove(training, out var span))
                return;
            ended(training, End(training, span, train));
            span?.Dispose();
            Activity.Current = null;
        }
    }

    // Null by itself would be converted to an empty memory.
    private static ReadOnlyMemory<byte>? StateOf(SlotTraining training) =>
        training.Resume is { } checkpoint ? checkpoint.AsMemory() : default(ReadOnlyMemory<byte>?);

    private Activity? Begin(SlotTraining training)
    {
        if (training.Assignment.Timeout is { } timeout)
            training.LimitTime(timeout);
        training.Begin();
        training.Reported = reports.Epochs;
        using var scope = Scope(training.Assignment);
        LogStarted(training.Slot, training.Resume != null);
        return Begin(training.Assignment);
    }

    private IDisposable? Scope(TrialAssignment assignment) => logger.BeginScope(new Dictionary<string, object>
    {
        ["Sweep"] = assignment.Key.Sweep,
        ["Trial"] = assignment.Key.Attempt.Trial.ToString(),
        ["Attempt"] = assignment.Key.Number,
    });

    /// <summary>Sorts out how a training ended, and reports it. Never throws: others would pay for it.</summary>
    private bool End(SlotTraining training, Activity? span, Func<TrainingResult> train)
    {
        try
        {
            return Reported(training, span, train);
        }
        catch (Exception error)
        {
            LogNotReported(error, training.Assignment.Key);
            return false;
        }
    }

    private bool Reported(SlotTraining training, Activity? span, Func<TrainingResult> train)
    {
        using var scope = Scope(training.Assignment);
        AttemptEnd end;
        try
        {
            end = Ended(training, train());
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
            LogFailed(error, training.Assignment.Key);
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

    private AttemptEnd Ended(SlotTraining training, TrainingResult result)
    {
        var key = training.Assignment.Key;
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

    private TrainingResult OrFromTheStart(SlotTraining training, Func<TrainingResult> train)
    {
        try
        {
            return train();
        }
        catch (TrainingException error) when (
            error.Kind == TrainingFailure.Checkpoint && training.Resume is not null && BeginsAgain(training, error))
        {
            return trainer.Train(training.Assignment.Request, training, null, training.Cancellation);
        }
    }

    /// <summary>A checkpoint that cannot be used costs its epochs, never the trial.</summary>
    private bool BeginsAgain(SlotTraining training, TrainingException error)
    {
        LogCheckpoint(error, training.Assignment.Key);
        training.CheckpointLoss = error.Message;
        training.Resumed(0);
        return true;
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

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Something that {Count} trainings of one slot shared failed; {Left} of them fail with it")]
    private partial void LogTogether(Exception error, int count, int left);

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of {Attempt} could not be reported")]
    private partial void LogNotReported(Exception error, AttemptKey attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Attempt} failed")]
    private partial void LogFailed(Exception error, AttemptKey attempt);
}
