namespace Sweeps.Core.Training;

/// <summary>Watches one training from its own thread.</summary>
public interface ITrainingObserver
{
    /// <summary>
    /// Asked between batches: null to go on, or the reason to end the training now with the weights as they are. The
    /// unfinished epoch has no report and no checkpoint. Must cost next to nothing.
    /// </summary>
    string? StopReason => null;

    /// <summary>Called at least every second or so while batches run.</summary>
    /// <param name="epoch">The running epoch, from 1.</param>
    /// <param name="samples">Samples learned from in it so far.</param>
    /// <param name="total">Samples of a whole epoch.</param>
    void BatchesDone(int epoch, int samples, int total)
    {
    }

    /// <summary>Called after each epoch.</summary>
    /// <param name="report">What the epoch gave.</param>
    /// <param name="checkpoint">Makes a checkpoint of this moment; costs nothing until called, valid during the call
    /// only.</param>
    /// <returns>Null to go on, or the reason to stop.</returns>
    string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint);
}
