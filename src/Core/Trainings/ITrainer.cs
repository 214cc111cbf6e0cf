using System.Runtime.ExceptionServices;

namespace Sweeps.Core.Trainings;

/// <summary>
/// Trains one network, synchronously, on the calling thread and no other. Implementations may be called from several
/// threads at once; the numbers depend on the request alone.
/// </summary>
public interface ITrainer
{
    /// <summary>Trains until all epochs ran, the observer stops it, or <paramref name="cancellation"/> fires
    /// (checked between batches).</summary>
    /// <param name="request">What to train.</param>
    /// <param name="observer">Called on this thread after each epoch.</param>
    /// <param name="checkpoint">A checkpoint of the same request to go on from; null: from the start.</param>
    /// <param name="cancellation">Ends the training at once; what the unfinished epoch did is lost.</param>
    /// <exception cref="TrainingException">The data or the network make this training impossible.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    TrainingResult Train(
        TrainingRequest request,
        ITrainingObserver observer,
        ReadOnlyMemory<byte>? checkpoint,
        CancellationToken cancellation);

    /// <summary>
    /// What trainings have in common that gain by being trained together (<see cref="TrainTogether"/>): those of equal
    /// answers. Null: it is trained alone.
    /// </summary>
    object? GroupOf(TrainingRequest request) => null;

    /// <summary>
    /// Trains several networks on the calling thread, side by side where they gain by it. Each gets what it would get
    /// alone, bit by bit, but for its times, which are shares; each ends by itself, and none depends on another's end.
    /// </summary>
    /// <param name="tasks">The trainings, of equal <see cref="GroupOf"/>.</param>
    /// <exception cref="Exception">
    /// Something went wrong that is no training's own. Those that have ended are not touched by it; nothing more
    /// happens to the others, if there are any.
    /// </exception>
    void TrainTogether(IReadOnlyList<TrainingTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        foreach (var task in tasks)
            task.Ended(() => Train(task.Request, task.Observer, task.Checkpoint, task.Cancellation));
    }

    /// <summary>
    /// Sees to it that the data of a sweep are here and are those it began with. Done before this process asks for the
    /// sweep's trials; what is prepared stays for as long as the trainer lives.
    /// </summary>
    /// <param name="data">The data.</param>
    /// <param name="kept">Gives the files that the store keeps with the sweep.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SweepsException">They are missing here, or they are others.</exception>
    Task PrepareAsync(PlannedData data, KeptFileReader kept, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>One of several trainings that are trained together; otherwise as <see cref="ITrainer.Train"/>.</summary>
/// <param name="Request">What to train.</param>
/// <param name="Observer">Watches it.</param>
/// <param name="Checkpoint">What to go on from; null: from the start.</param>
/// <param name="Ended">
/// Called once, when it has ended, on the training's thread, with what gives its result or throws what ended it, as
/// <see cref="ITrainer.Train"/> would. The others wait meanwhile.
/// </param>
/// <param name="Cancellation">Ends it at once.</param>
public sealed record TrainingTask(
    TrainingRequest Request,
    ITrainingObserver Observer,
    ReadOnlyMemory<byte>? Checkpoint,
    Action<Func<TrainingResult>> Ended,
    CancellationToken Cancellation = default)
{
    /// <summary>
    /// Asked where the checkpoint cannot be used, with the reason: whether the training begins from the start instead
    /// of ending with that. Null: it ends.
    /// </summary>
    public Func<TrainingException, bool>? BeginsAgain { get; init; }

    /// <summary>Ends it with an error.</summary>
    public void Fail(Exception error)
    {
        var thrown = ExceptionDispatchInfo.Capture(error);
        Ended(() =>
        {
            thrown.Throw();
            throw error;
        });
    }
}

/// <summary>Watches one training from its own thread.</summary>
public interface ITrainingObserver
{
    /// <summary>
    /// Asked between batches: null to go on, or the reason to end the training now with the weights as they are. The
    /// unfinished epoch has no report and no checkpoint. Must cost next to nothing.
    /// </summary>
    string? StopReason => null;

    /// <summary>
    /// The same where the training waits between two epochs, since others go first (<see
    /// cref="ITrainer.TrainTogether"/>).
    /// </summary>
    string? StopReasonWaiting => StopReason;

    /// <summary>Asked before each epoch: threads that may share its work. It decides no number of the result but the
    /// times; the engine of libtorch uses one.</summary>
    int Threads => 1;

    /// <summary>Called once before the first batch of a training that goes on from a checkpoint.</summary>
    /// <param name="epochs">Epochs that it holds.</param>
    void Resumed(int epochs)
    {
    }

    /// <summary>Called at least every second or so while batches run.</summary>
    /// <param name="epoch">The running epoch, from 1.</param>
    /// <param name="samples">Samples learned from in it so far.</param>
    /// <param name="total">Samples of a whole epoch.</param>
    void BatchesDone(int epoch, int samples, int total)
    {
    }

    /// <summary>
    /// Called before an epoch's report, where the weights of the training are kept and the epoch is one of those of
    /// which their distribution is, too (<see cref="EpochWeights.IsKept"/>).
    /// </summary>
    /// <param name="weights">Looks at the weights; costs nothing until called, valid during the call.</param>
    void WeightsLearned(Func<EpochWeights> weights)
    {
    }

    /// <summary>Called after each epoch.</summary>
    /// <param name="report">What the epoch gave.</param>
    /// <param name="checkpoint">Makes a checkpoint of this moment; costs nothing until called, valid during the call
    /// only.</param>
    /// <returns>Null to go on, or the reason to stop.</returns>
    string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint);
}

/// <summary>Watches nothing: every training runs to its end.</summary>
public sealed class NoObserver : ITrainingObserver
{
    private NoObserver()
    {
    }

    /// <summary>The only one; it has no state.</summary>
    public static NoObserver Instance { get; } = new();

    /// <inheritdoc />
    public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint) => null;
}
