using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Networks;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>The layers of a plan as operations of libtorch, one after the other.</summary>
internal sealed class LayerGraph : IDisposable
{
    private readonly List<Operation> _operations = [];
    private readonly List<StatisticPlace> _statisticPlaces = [];
    private readonly Queue<Tensor> _leaves;
    private readonly TensorMemory _statistics;
    private readonly StreamKey _streams;
    private readonly IReadOnlySet<int> _frozen;
    private int _statisticsUsed;

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
        foreach (var layer in plan.Layers)
            Add(_operations, layer.Layer, layer.Index, layer.Input);
        RectifyAfterPooling(_operations);
    }

    /// <summary>Where each running statistic lies, in layer order.</summary>
    public IReadOnlyList<StatisticPlace> StatisticPlaces => _statisticPlaces;

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

    private TensorShape Add(List<Operation> operations, Layer layer, int index, TensorShape input)
    {
        switch (layer)
        {
            case DenseLayer dense:
                operations.Add(new DenseOperation(_leaves.Dequeue(), dense.Bias ? _leaves.Dequeue() : null));
                break;
            case ConvLayer conv:
                operations.Add(
                    new ConvOperation(conv.Window, input, _leaves.Dequeue(), conv.Bias ? _leaves.Dequeue() : null));
                break;
            case PoolLayer pool:
                operations.Add(new PoolOperation(pool, input));
                break;
            case GlobalAvgPoolLayer:
                operations.Add(new GlobalAvgPoolOperation());
                break;
            case FlattenLayer:
                operations.Add(new FlattenOperation());
                break;
            case DropoutLayer { Rate: > 0 } dropout:
                operations.Add(
                    new DropoutOperation(dropout.Rate, _streams with { Purpose = Purpose.Dropout, Index = index }));
                break;
            case BatchNormLayer norm:
                operations.Add(AddBatchNorm(norm, index, input.Channels));
                break;
            case ResidualLayer residual:
                operations.Add(AddResidual(residual, index, input));
                break;
        }

        if (layer is not ResidualLayer && layer.OwnActivation.Kind != ActivationKind.Linear)
            operations.Add(new ActivationOperation(layer.OwnActivation));
        return layer is ConvLayer { Window: var window, Filters: var filters }
            ? TensorShape.Image(
                filters,
                Window.Positions(input.Height, window.Height, window.StrideHeight, window.Padding),
                Window.Positions(input.Width, window.Width, window.StrideWidth, window.Padding))
            : input;
    }

    private BatchNormOperation AddBatchNorm(BatchNormLayer norm, int index, int channels)
    {
        var mean = AddStatistic($"{index}.running_mean", channels, 0);
        var variance = AddStatistic($"{index}.running_var", channels, 1);
        return new(norm, _leaves.Dequeue(), _leaves.Dequeue(), mean, variance, _frozen.Contains(index));
    }

    private Tensor AddStatistic(string name, int length, float first)
    {
        var same = _statisticPlaces.Count(place =>
            place.Name == name || place.Name.StartsWith(name + "_", StringComparison.Ordinal));
        _statisticPlaces.Add(new(same == 0 ? name : $"{name}_{same + 1}", _statisticsUsed, length));
        _statistics.Buffer.Span.Slice(_statisticsUsed, length).Fill(first);
        _statisticsUsed += length;
        return _statistics.View(_statisticsUsed - length, length);
    }

    private ResidualOperation AddResidual(ResidualLayer residual, int index, TensorShape input)
    {
        List<Operation> main = [], shortcut = [];
        var shape = input;
        foreach (var layer in residual.Main)
            shape = Add(main, layer, index, shape);
        shape = input;
        foreach (var layer in residual.Shortcut(input))
            shape = Add(shortcut, layer, index, shape);
        return new(main, shortcut, new(residual.Activation));
    }
}
