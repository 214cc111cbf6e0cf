namespace Sweeps.Core.Training;

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
}
