using System.Runtime.InteropServices;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Native;
using Sweeps.Training.Runs;
using Sweeps.Training.Torch;

namespace Sweeps.Training;

/// <summary>
/// Trains networks on the calling thread, with the help that the observer allows; any number of threads may share one
/// trainer and its data sets.
/// </summary>
/// <param name="sets">The data sets of the process.</param>
/// <param name="time">
/// Measures seconds; the system's clock unless given. It decides no number of the result but the times.
/// </param>
public sealed class Trainer(DataSets sets, TimeProvider? time = null) : ITrainer
{
    /// <summary>Most threads that share the work of one training.</summary>
    public const int MostThreads = ThreadTeam.Most;

    /// <inheritdoc />
    public TrainingResult Train(
        TrainingRequest request,
        ITrainingObserver observer,
        ReadOnlyMemory<byte>? checkpoint,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observer);
        RequestCheck.Check(request);
        try
        {
            var setup = TrainingSetup.Of(request, sets);
            using var run = new TrainingRun(setup, time ?? TimeProvider.System);
            if (checkpoint is { } bytes)
            {
                run.Resume(bytes.Span);
                observer.Resumed(run.Epochs.Count);
            }

            return Train(request, run, observer, cancellation);
        }
        catch (Exception error) when (error is OutOfMemoryException or InsufficientMemoryException)
        {
            throw OutOfMemory(request, error);
        }
        catch (ExternalException error)
        {
            var says = LibtorchError.Says(error.Message);
            throw LibtorchError.IsOutOfMemory(says)
                ? OutOfMemory(request, error)
                : new TrainingException(TrainingFailure.Error, says, error);
        }
    }

    /// <inheritdoc />
    public Task PrepareAsync(PlannedData data, KeptFileReader kept, CancellationToken cancellation) =>
        sets.PrepareAsync(data, kept, cancellation);

    private static TrainingResult Train(
        TrainingRequest request, TrainingRun run, ITrainingObserver observer, CancellationToken cancellation)
    {
        while (run.Epochs.Count < request.Hyperparameters.Epochs)
        {
            if (Plateau.Reached(run.Epochs, request.Patience) is { } plateau)
                return run.Finish(TrainingOutcome.StoppedEarly, plateau, cancellation);
            if (run.TrainEpoch(observer, cancellation) is { } end)
                return run.Finish(end.Outcome, end.Reason, cancellation);
            if ((request.KeepModel || request.KeepCheckpoint)
                && EpochWeights.IsKept(run.Epochs.Count, request.Hyperparameters.Epochs))
                observer.WeightsLearned(run.Weights);
            // At a plateau the training is over, whoever else wants it to stop: a resumed one would find that first.
            if (observer.EpochCompleted(run.Epochs[^1], run.Checkpoint) is { } stop
                && Plateau.Reached(run.Epochs, request.Patience) is null)
            {
                return run.Finish(TrainingOutcome.Stopped, stop, cancellation);
            }
        }

        return run.Finish(TrainingOutcome.Completed, null, cancellation);
    }

    private static TrainingException OutOfMemory(TrainingRequest request, Exception cause) => new(
        TrainingFailure.OutOfMemory,
        $"Memory ran out while training {request.Hyperparameters.SizedArchitecture()} "
        + $"with batches of {request.Hyperparameters.BatchSize}; "
        + "use a smaller batch size, a smaller network or fewer slots.",
        cause);
}
