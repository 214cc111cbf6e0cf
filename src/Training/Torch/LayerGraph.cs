using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Networks;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>The layers of a plan as operations of libtorch, one after the other.</summary>
internal sealed class LayerGraph : IDisposable
{
    private readonly List<Operation> _operations = [];
    private readonly StatisticLayout _statisticLayout = new(isPadded: false);
    private readonly Queue<Tensor> _leaves;
    private readonly TensorMemory _statistics;
    private readonly StreamKey _streams;
    private readonly Dictionary<int, int> _dropouts = [];
    private readonly bool _hasStages;
    private readonly IReadOnlySet<int> _frozen;
    private bool _isConvolved;

    /// <summary>Builds the operations.</summary>
    /// <param name="plan">The layers.</param>
    /// <param name="leaves">Their trainable tensors, in layer order.</param>
    /// <param name="statistics">Memory of the running statistics; gets their first values.</param>
    /// <param name="streams">The key of the training's random streams.</param>
    /// <param name="frozen">The places of layers that do not learn.</param>
    public LayerGraph(
        NetworkShape plan, IEnumerable<Tensor> leaves, TensorMemory statistics, StreamKey streams,
        IReadOnlySet<int> frozen)
    {
        _frozen = frozen;
        (_leaves, _statistics, _streams) = (new(leaves), statistics, streams);
        _hasStages = NativeStages.WhyNot(plan, StageSet.First) is null;
        foreach (var layer in plan.Layers)
            Add(_operations, layer.Layer, layer.Index, layer.Input);
        _statisticLayout.Fill(statistics.Buffer);
        RectifyAfterPooling(_operations);
    }

    /// <summary>Where each running statistic lies, in layer order.</summary>
    public IReadOnlyList<StatisticPlace> StatisticPlaces => _statisticLayout.Places;

    /// <summary>The outputs for a batch.</summary>
    public Tensor Forward(Tensor x, bool learning)
    {
        foreach (var operation in _operations)
            x = operation.Forward(x, learning);
        return x;
    }

    /// <summary>Turns to the random streams of an epoch.</summary>
    public void BeginEpoch(int epoch)
    {
        foreach (var operation in _operations)
            operation.BeginEpoch(epoch);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var operation in _operations)
            operation.Dispose();
    }

    /// <summary>
    /// The largest of rectified values is the largest value, rectified: the same numbers, a fraction of the work.
    /// </summary>
    private static void RectifyAfterPooling(List<Operation> operations)
    {
        for (var i = 0; i + 1 < operations.Count; i++)
        {
            if (operations[i] is ActivationOperation { IsRelu: true }
                && operations[i + 1] is PoolOperation { IsMax: true })
                (operations[i], operations[i + 1]) = (operations[i + 1], operations[i]);
        }
    }

    private void Add(List<Operation> operations, Layer layer, int index, TensorShape input)
    {
        switch (layer)
        {
            case DenseLayer dense:
                operations.Add(new DenseOperation(_leaves.Dequeue(), dense.Bias ? _leaves.Dequeue() : null));
                break;
            case ConvLayer conv:
                _isConvolved = true;
                operations.Add(
                    new ConvOperation(
                        conv.Window, input, _leaves.Dequeue(), conv.Bias ? _leaves.Dequeue() : null, conv.Groups));
                break;
            case DepthwiseConvLayer depthwise:
                operations.Add(
                    new DepthwiseConvOperation(
                        depthwise.Window, input, depthwise.Multiplier, _leaves.Dequeue(),
                        depthwise.Bias ? _leaves.Dequeue() : null));
                break;
            case SeparableConvLayer separable:
                AddPath(operations, separable.Parts, index, input);
                break;
            case LayerNormLayer norm:
                operations.Add(new LayerNormOperation(norm, _leaves.Dequeue(), _leaves.Dequeue()));
                break;
            case GroupNormLayer norm:
                operations.Add(new GroupNormOperation(norm, _leaves.Dequeue(), _leaves.Dequeue()));
                break;
            case SqueezeExciteLayer:
                operations.Add(
                    new SqueezeExciteOperation(
                        _leaves.Dequeue(), _leaves.Dequeue(), _leaves.Dequeue(), _leaves.Dequeue()));
                break;
            case PoolLayer pool:
                operations.Add(new PoolOperation(pool, input));
                break;
            case NormalizeLayer norm:
                operations.Add(new NormalizeOperation(norm));
                break;
            case GlobalAvgPoolLayer:
                operations.Add(new GlobalAvgPoolOperation());
                break;
            case FlattenLayer:
                operations.Add(new FlattenOperation());
                break;
            case DropoutLayer { Rate: > 0 } dropout:
                operations.Add(
                    new DropoutOperation(
                        dropout.Rate, _streams with { Purpose = Purpose.Dropout, Index = DropoutIndex(index) },
                        _hasStages && _isConvolved && !input.IsFlat ? input : null));
                break;
            case BatchNormLayer norm:
                operations.Add(AddBatchNorm(norm, index, input.Channels));
                break;
            case BlockLayer block:
                operations.Add(AddJoin(
                    JoinKind.Add, [block.Main, block.Shortcut(input)], block.OwnActivation, index, input));
                break;
            case JoinLayer join:
                operations.Add(AddJoin(join.Kind, join.Paths, join.Activation, index, input));
                break;
        }

        if (layer is not (BlockLayer or JoinLayer or SeparableConvLayer)
            && layer.OwnActivation.Kind != ActivationKind.Linear)
            operations.Add(new ActivationOperation(layer.OwnActivation));
    }

    private void AddPath(List<Operation> operations, IReadOnlyList<Layer> layers, int index, TensorShape input)
    {
        foreach (var layer in layers)
        {
            Add(operations, layer, index, input);
            input = layer.OutputOn(input);
        }
    }

    private JoinOperation AddJoin(
        JoinKind kind,
        IReadOnlyList<IReadOnlyList<Layer>> paths,
        Activation activation,
        int index,
        TensorShape input)
    {
        var operations = paths.Select(_ => new List<Operation>()).ToList();
        foreach (var (path, layers) in operations.Zip(paths))
            AddPath(path, layers, index, input);
        return new(kind, operations, new(activation));
    }

    // A layer of paths may have several: the first has the layer's own stream, the others those far beyond all layers.
    private int DropoutIndex(int index)
    {
        var before = _dropouts.GetValueOrDefault(index);
        _dropouts[index] = before + 1;
        return index + (before * 2 * NetworkLimits.MaxLayers);
    }

    private BatchNormOperation AddBatchNorm(BatchNormLayer norm, int index, int channels)
    {
        var (mean, variance) = _statisticLayout.AddMoments(index, channels);
        return new(
            norm, _leaves.Dequeue(), _leaves.Dequeue(), ViewOf(mean), ViewOf(variance), _frozen.Contains(index));
    }

    private Tensor ViewOf(StatisticPlace place) => _statistics.View(place.Offset, place.Length);
}
