using System.Collections.Concurrent;
using Sweeps.Grains.Contracts;

namespace Sweeps.Grains.Tests;

/// <summary>The slots and the outbox of a silo, which only remember.</summary>
internal sealed class SiloParts : ISlotPool, IOutbox
{
    public ConcurrentQueue<(TrialAssignment Assignment, byte[]? Checkpoint)> Queued { get; } = [];

    public ConcurrentQueue<AttemptEnd> Ends { get; } = [];

    public string? CheckpointLoss { get; private set; }

    public void Enqueue(TrialAssignment assignment, byte[]? checkpoint, string? checkpointLoss = null)
    {
        CheckpointLoss = checkpointLoss;
        Queued.Enqueue((assignment, checkpoint));
    }

    public void Add(AttemptEnd end) => Ends.Enqueue(end);

    /// <summary>An assignment of an attempt of <see cref="SmallSweep"/>.</summary>
    public static TrialAssignment Assignment(AttemptKey key) => new(
        key,
        "here",
        SmallSweep.Plan.RequestOf(key.Attempt.Trial, new()
        {
            Architecture = "linear",
            LearningRate = 0,
            BatchSize = 1,
            Epochs = 1,
        }),
        IsExclusive: false,
        Timeout: null);
}
