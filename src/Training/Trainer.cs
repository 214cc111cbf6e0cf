using System.Runtime.ExceptionServices;
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
        return Guarded(request, () =>
        {
            var setup = TrainingSetup.Of(request, sets);
            using var run = new TrainingRun(setup, time ?? TimeProvider.System);
            if (checkpoint is { } bytes)
            {
                run.Resume(bytes.Span);
                observer.Resumed(run.Epochs.Count);
            }

            var end = run.HasEnded();
            while (end is null)
                end = run.TrainEpoch(observer, cancellation) ?? run.Report(observer);
            return run.Finish(end.Value.Outcome, end.Value.Reason, cancellation);
        });
    }

    /// <inheritdoc />
    public object? GroupOf(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TrainingGroup.KeyOf(request, sets);
    }

    /// <inheritdoc />
    public void TrainTogether(IReadOnlyList<TrainingTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        using var group = new TrainingGroup(time ?? TimeProvider.System);
        foreach (var task in tasks)
        {
            try
            {
                group.Add(task, Guarded(task.Request, () => TrainingSetup.Of(task.Request, sets)));
            }
            catch (Exception error)
            {
                task.Fail(error);
            }
        }

        group.Train();
        if (group.Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>
    /// Computes the gradients of the first steps of a training on another engine too, each with the same weights and
    /// batch.
    /// </summary>
    /// <param name="request">The training, with its engine.</param>
    /// <param name="other">The same on the engine beside it.</param>
    /// <param name="steps">How many; at most those of an epoch.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>For each step the Euclidean norm of the difference, as a share of the gradient's.</returns>
    /// <exception cref="TrainingException">One of them cannot train it.</exception>
    public IReadOnlyList<double> CompareGradients(
        TrainingRequest request, TrainingRequest other, int steps, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Guarded(request, () =>
        {
            using var comparison = new GradientComparison(TrainingSetup.Of(other, sets), steps);
            using var run = new TrainingRun(TrainingSetup.Of(request, sets), time ?? TimeProvider.System)
            {
                GradientsComputed = comparison.Compare,
            };
            run.TrainEpoch(comparison, cancellation);
            return comparison.Differences;
        });
    }

    /// <inheritdoc />
    public Task PrepareAsync(PlannedData data, KeptFileReader kept, CancellationToken cancellation) =>
        sets.PrepareAsync(data, kept, cancellation);

    private static T Guarded<T>(TrainingRequest request, Func<T> train)
    {
        RequestCheck.Check(request);
        try
        {
            return train();
        }
        catch (Exception error) when (Explained(request, error) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>What an error means to a training; null: nothing else than it says.</summary>
    internal static TrainingException? Explained(TrainingRequest request, Exception error)
    {
        if (error is OutOfMemoryException or InsufficientMemoryException)
            return OutOfMemory(request, error);
        if (error is not ExternalException)
            return null;
        var says = LibtorchError.Says(error.Message);
        return LibtorchError.IsOutOfMemory(says)
            ? OutOfMemory(request, error)
            : new TrainingException(TrainingFailure.Error, says, error);
    }

    private static TrainingException OutOfMemory(TrainingRequest request, Exception cause) => new(
        TrainingFailure.OutOfMemory,
        $"Memory ran out while training {request.Hyperparameters.SizedArchitecture()} "
        + $"with batches of {request.Hyperparameters.BatchSize}; "
        + "use a smaller batch size, a smaller network or fewer slots.",
        cause);
}
