using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Native;
using Sweeps.Training.Networks;
using Sweeps.Training.Own;
using Sweeps.Training.Torch;

namespace Sweeps.Training.Runs;

/// <summary>Makes networks for the engines.</summary>
internal static class NetworkFactory
{
    /// <summary>A network on an engine; libtorch is loaded for its own alone.</summary>
    /// <param name="engine">Native or torch.</param>
    /// <param name="plan">The layers.</param>
    /// <param name="streams">The key of the training's random streams.</param>
    /// <param name="capacity">Samples of the largest batch.</param>
    /// <param name="stages">The set of native stages to take.</param>
    /// <param name="frozen">The places of layers whose weights stay as they are; null: none.</param>
    public static Network Create(
        EngineKind engine, NetworkShape plan, StreamKey streams, int capacity, IReadOnlySet<int>? frozen = null,
        StageSet stages = NativeStages.Newest) =>
        plan.Architecture.Own is not null ? new ModuleNetwork(plan, streams, capacity, frozen)
            : engine == EngineKind.Native ? new StagedNetwork(plan, streams, capacity, frozen, stages)
            : new AutogradNetwork(plan, streams, capacity, frozen);
}
