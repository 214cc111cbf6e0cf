using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Batches;
using Sweeps.Training.Numerics;
using Sweeps.Training.Stages;

namespace Sweeps.Training.Networks;

/// <summary>
/// A network of layers whose gradients are derived by hand: dense layers, activations, dropout. All its arithmetic is
/// this program's own, so that the bits of the weights are the same on every machine.
/// </summary>
internal sealed class StagedNetwork : Network
{
    private readonly MatrixProduct _product = new();
    private readonly ParameterSlots _slots = new();
    private readonly List<Stage> _stages = [];
    private readonly FloatBuffer _outputGradients;
    private readonly int _outputs;
    private int _rows;

    /// <summary>Buffers for batches of up to <paramref name="capacity"/> samples; all weights zero.</summary>
    /// <param name="plan">Where <see cref="Supports"/> holds.</param>
    /// <param name="streams">The key of the training's random streams.</param>
    /// <param name="capacity">The most samples of a batch.</param>
    public StagedNetwork(NetworkPlan plan, StreamKey streams, int capacity)
    {
        Capacity = capacity;
        _outputs = plan.Layers[^1].Output.Channels;
        var dense = plan.Layers.Where(layer => layer.Layer is DenseLayer)
            .ToDictionary(layer => layer.Index, layer => layer.Parameters.Select(shape => Place(layer.Index, shape)).ToArray());
        Weights = new(_slots.Length);
        Gradients = new(_slots.Length);
        _outputGradients = new((long)capacity * FloatBuffer.RoundUp(_outputs));
        var first = dense.Count > 0 ? dense.Keys.Min() : int.MaxValue;
        foreach (var layer in plan.Layers)
            AddStages(layer, dense.GetValueOrDefault(layer.Index), layer.Index > first, streams);
    }

    /// <inheritdoc />
    public override IReadOnlyList<ParameterSlot> Slots => _slots.Slots;

    /// <inheritdoc />
    public override FloatBuffer Weights { get; }

    /// <inheritdoc />
    public override FloatBuffer Gradients { get; }

    /// <inheritdoc />
    public override FloatBuffer Statistics { get; } = new(0);

    /// <inheritdoc />
    public override IReadOnlyList<StatisticSlot> StatisticSlots => [];

    /// <inheritdoc />
    public override int Capacity { get; }

    /// <inheritdoc />
    public override unsafe Matrix OutputGradient => new(_outputGradients.Pointer, _rows, _outputs, FloatBuffer.RoundUp(_outputs));

    /// <summary>Whether every layer has a stage.</summary>
    public static bool Supports(NetworkPlan plan) =>
        plan.Layers.All(layer => layer.Layer is FlattenLayer or DenseLayer or ActivationLayer or DropoutLayer)
        && plan.Layers.Any(layer => layer.Layer is DenseLayer)
        && plan.Layers.All(layer => layer.Output.IsFlat || !IsSoftmax(layer.Layer.OwnActivation));

    /// <inheritdoc />
    public override void BeginEpoch(int epoch)
    {
        foreach (var stage in _stages)
            stage.BeginEpoch(epoch);
    }

    /// <inheritdoc />
    public override Matrix Forward(Batch batch, bool learning)
    {
        _rows = batch.Count;
        var values = batch.Matrix;
        foreach (var stage in _stages)
            values = stage.Forward(values, learning);
        return values;
    }

    /// <inheritdoc />
    public override void Backward()
    {
        var gradient = OutputGradient;
        var last = _stages.FindIndex(stage => stage is DenseStage);
        for (var i = _stages.Count - 1; i >= last; i--)
            gradient = _stages[i].Backward(gradient, inputWanted: i > last);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        foreach (var stage in _stages)
            stage.Dispose();
        Weights.Dispose();
        Gradients.Dispose();
        Statistics.Dispose();
        _outputGradients.Dispose();
        _product.Dispose();
    }

    private static bool IsSoftmax(Activation activation) => activation.Kind == ActivationKind.Softmax;

    private ParameterSlot Place(int layer, ParameterShape shape) =>
        shape.Role == ParameterRole.Weight ? _slots.AddTransposed(layer, shape) : _slots.Add(layer, shape);

    private void AddStages(PlannedLayer layer, ParameterSlot[]? slots, bool inputWanted, StreamKey streams)
    {
        var width = checked((int)layer.Output.Size);
        switch (layer.Layer)
        {
            case DenseLayer dense:
                AddDense(layer, dense, slots!, inputWanted);
                break;
            case ActivationLayer { Activation: var activation } when IsSoftmax(activation):
                _stages.Add(new SoftmaxStage(width, Capacity));
                break;
            case ActivationLayer activation:
                _stages.Add(new ActivationStage(width, activation.Activation, Capacity));
                break;
            case DropoutLayer { Rate: > 0 } dropout:
                var key = streams with { Purpose = Purpose.Dropout, Index = layer.Index };
                _stages.Add(new DropoutStage(width, dropout.Rate, key, Capacity));
                break;
        }
    }

    private unsafe void AddDense(PlannedLayer layer, DenseLayer dense, ParameterSlot[] slots, bool inputWanted)
    {
        var softmax = IsSoftmax(dense.Activation);
        var activation = softmax ? Activation.None : dense.Activation;
        var (inputs, outputs) = ((int)layer.Input.Size, (int)layer.Output.Size);
        _stages.Add(new DenseStage(inputs, outputs, activation, Capacity, inputWanted, _product)
        {
            Weights = Weights.Pointer + slots[0].Offset,
            WeightGradients = Gradients.Pointer + slots[0].Offset,
            Biases = dense.Bias ? Weights.Pointer + slots[1].Offset : null,
            BiasGradients = dense.Bias ? Gradients.Pointer + slots[1].Offset : null,
        });
        if (softmax)
            _stages.Add(new SoftmaxStage(outputs, Capacity));
    }
}
