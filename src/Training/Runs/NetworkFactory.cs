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
    public static Network Create(NetworkShape plan, StreamKey streams, int capacity) =>
        StageLayout.Supports(plan) ? new StagedNetwork(plan, streams, capacity)
            : new AutogradNetwork(plan, streams, capacity);
}
