using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Autograd;

namespace Sweeps.Training.Networks;

/// <summary>Chooses how a network computes.</summary>
internal static class NetworkFactory
{
    /// <summary>Stages where every layer has one, otherwise libtorch's autograd.</summary>
    public static Network Create(NetworkShape plan, StreamKey streams, int capacity) =>
        StagePlan.Supports(plan) ? new StagedNetwork(plan, streams, capacity)
            : new AutogradNetwork(plan, streams, capacity);
}
