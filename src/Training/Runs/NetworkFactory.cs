using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Native;
using Sweeps.Training.Networks;
using Sweeps.Training.Torch;

namespace Sweeps.Training.Runs;

/// <summary>Chooses how a network computes.</summary>
internal static class NetworkFactory
{
    /// <summary>Stages where every layer has one, otherwise libtorch's autograd.</summary>
    /// <param name="plan">The layers.</param>
    /// <param name="streams">The key of the training's random streams.</param>
    /// <param name="capacity">The most samples of a batch.</param>
    /// <param name="frozen">The places of layers whose weights stay as they are; null: none.</param>
    public static Network Create(
        NetworkShape plan, StreamKey streams, int capacity, IReadOnlySet<int>? frozen = null) =>
        StageLayout.Supports(plan) ? new StagedNetwork(plan, streams, capacity, frozen)
            : new AutogradNetwork(plan, streams, capacity, frozen);
}
