using Sweeps.Grains.Contracts;

namespace Sweeps.Grains;

/// <summary>The slots of this silo, as its grains see them. Trainings run on the slots' own threads.</summary>
public interface ISlotPool
{
    /// <summary>
    /// Queues a training; it begins when a slot is free. Its reports come to the trial's grain. One that is here
    /// already is not queued again, and one that was given to another incarnation is not queued at all.
    /// </summary>
    /// <param name="assignment">What to train.</param>
    /// <param name="checkpoint">The state to resume from; null: from the start.</param>
    /// <param name="checkpointLoss">Why the trial's checkpoint cannot be used; null: it can, or there is none.</param>
    void Enqueue(TrialAssignment assignment, byte[]? checkpoint, string? checkpointLoss = null);
}

/// <summary>Where trial grains put what the sweep must hear; the silo's worker carries it there in batches.</summary>
public interface IOutbox
{
    /// <summary>
    /// Takes the last report of an attempt. Everything beside the log (model, checkpoint, metrics) is stored.
    /// </summary>
    void Add(AttemptEnd end);
}
