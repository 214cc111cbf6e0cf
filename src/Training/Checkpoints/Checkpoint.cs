using Sweeps.Core.Trainings;

namespace Sweeps.Training.Checkpoints;

/// <summary>The state of a training between two epochs: with the request, all that it takes to go on.</summary>
/// <param name="Request">Digest of what decides the numbers; another request cannot go on from it.</param>
/// <param name="Weights">The flat weights, padding included.</param>
/// <param name="Statistics">The running statistics.</param>
/// <param name="OptimizerSteps">Steps done.</param>
/// <param name="OptimizerStates">The optimizer's flat buffers.</param>
/// <param name="Epochs">The reports of the epochs done; their number is the epoch.</param>
internal sealed record Checkpoint(
    byte[] Request,
    float[] Weights,
    float[] Statistics,
    long OptimizerSteps,
    IReadOnlyList<float[]> OptimizerStates,
    IReadOnlyList<EpochReport> Epochs);
