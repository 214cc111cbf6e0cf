using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Networks;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>
/// A list of layers on libtorch, for those that have no native stage: weights and gradients are views of the flat
/// buffers, so that nothing is copied.
/// </summary>
internal sealed class AutogradNetwork : TorchNetwork
{
    private readonly List<Tensor> _leaves = [];
    private readonly LayerGraph _graph;

    /// <summary>Buffers for batches of up to <paramref name="capacity"/> samples; all weights zero.</summary>
    /// <param name="plan">The layers.</param>
    /// <param name="streams">The key of the training's random streams.</param>
    /// <param name="capacity">The most samples of a batch.</param>
    /// <param name="frozen">The places of layers whose weights and statistics stay as they are; null: none.</param>
    public AutogradNetwork(
        NetworkShape plan, StreamKey streams, int capacity, IReadOnlySet<int>? frozen = null)
        : base(plan, capacity)
    {
        frozen ??= new HashSet<int>();
        foreach (var place in ParameterPlaces)
        {
            var leaf = WeightOf(place);
            if (!frozen.Contains(place.Layer))
            {
                leaf.requires_grad = true;
                // A gradient that is set is added to in place.
                using var gradient = GradientOf(place);
                leaf.grad = gradient;
            }

            _leaves.Add(leaf);
        }

        _graph = new(plan, _leaves, StatisticsMemory, streams, frozen);
    }

    /// <inheritdoc />
    public override IReadOnlyList<StatisticPlace> StatisticPlaces => _graph.StatisticPlaces;

    /// <inheritdoc />
    public override void BeginEpoch(int epoch) => _graph.BeginEpoch(epoch);

    /// <inheritdoc />
    protected override Tensor Run(Tensor rows, bool learning) => _graph.Forward(rows, learning);

    /// <inheritdoc />
    protected override void DisposeLayers()
    {
        _graph.Dispose();
        foreach (var leaf in _leaves)
        {
            if (leaf.requires_grad)
                leaf.grad = null;
            leaf.Dispose();
        }
    }
}
