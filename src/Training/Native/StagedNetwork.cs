using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Data;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native;

/// <summary>
/// A network of layers whose gradients are derived by hand. All its arithmetic is this program's own, so that the bits
/// of the weights are the same on every machine.
/// </summary>
internal sealed class StagedNetwork : Network
{
    private readonly MatrixProduct _product = new();
    private readonly ParameterLayout _parameters = new();
    private readonly List<Stage> _stages = [];
    private readonly FloatBuffer _outputGradients;
    private readonly int _outputs;
    private readonly IReadOnlySet<int> _frozen;
    private int _firstLearning = -1;
    private int _rows;

    /// <summary>Buffers for batches of up to <paramref name="capacity"/> samples; all weights zero.</summary>
    /// <param name="plan">Where <see cref="NativeStages.WhyNot"/> says nothing.</param>
    /// <param name="streams">The key of the training's random streams.</param>
    /// <param name="capacity">The most samples of a batch.</param>
    /// <param name="frozen">The places of layers whose weights stay as they are; null: none.</param>
    public StagedNetwork(
        NetworkShape plan, StreamKey streams, int capacity, IReadOnlySet<int>? frozen = null)
    {
        _frozen = frozen ?? new HashSet<int>();
        Capacity = capacity;
        _outputs = plan.Layers[^1].Output.Channels;
        var stages = StageLayout.Of(plan, _parameters);
        Weights = new(_parameters.Length);
        Gradients = new(_parameters.Length);
        _outputGradients = new((long)capacity * FloatBuffer.RoundUp(_outputs));
        for (var i = 0; i < stages.Count; i++)
        {
            // The largest of rectified values is the largest value, rectified, and adding a bias keeps the order: the
            // same numbers, a fraction of the work after the pool.
            var pool =
                stages[i].Layer.Layer is ConvLayer { Activation.Kind: ActivationKind.Relu or ActivationKind.Linear }
                && i + 1 < stages.Count && stages[i + 1].Layer.Layer is PoolLayer ? stages[i + 1] : null;
            AddStages(stages[i], pool, streams);
            if (pool is not null)
                i++;
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<ParameterPlace> ParameterPlaces => _parameters.Places;

    /// <inheritdoc />
    public override FloatBuffer Weights { get; }

    /// <inheritdoc />
    public override FloatBuffer Gradients { get; }

    /// <inheritdoc />
    public override FloatBuffer Statistics { get; } = new(0);

    /// <inheritdoc />
    public override IReadOnlyList<StatisticPlace> StatisticPlaces => [];

    /// <inheritdoc />
    public override int Capacity { get; }

    /// <inheritdoc />
    public override unsafe Matrix OutputGradient =>
        new(_outputGradients.Pointer, _rows, _outputs, FloatBuffer.RoundUp(_outputs));

    private bool InputWanted => _firstLearning >= 0;

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
        if (_stages[0] is DenseStage first)
            first.InputPattern = first.GainsByZeros(batch.Part.ZeroShare) ? batch.Pattern : null;
        foreach (var stage in _stages)
            values = stage.Forward(values, learning);
        return values;
    }

    /// <inheritdoc />
    public override void Backward()
    {
        var gradient = OutputGradient;
        for (var i = _stages.Count - 1; i >= _firstLearning; i--)
            gradient = _stages[i].Backward(gradient, inputWanted: i > _firstLearning);
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

    private void AddStages(StageLayout stage, StageLayout? pool, StreamKey streams)
    {
        var layer = stage.Layer;
        var width = checked((int)layer.Output.Size);
        switch (layer.Layer)
        {
            case DenseLayer dense:
                AddDense(stage, dense);
                break;
            case ConvLayer conv:
                AddConv(stage, conv, pool);
                break;
            case PoolLayer:
                AddPool(stage);
                break;
            case FlattenLayer when stage.Channels > 1:
                _stages.Add(new FlattenStage(layer.Input.Height * layer.Input.Width, layer.Input.Channels, Capacity));
                break;
            case ActivationLayer { Activation: { Kind: ActivationKind.Softmax } }:
                _stages.Add(new SoftmaxStage(width, Capacity));
                break;
            case ActivationLayer activation:
                _stages.Add(new ActivationStage(Floats(stage), activation.Activation, Capacity));
                break;
            case DropoutLayer { Rate: > 0 } dropout:
                var key = streams with { Purpose = Purpose.Dropout, Index = layer.Index };
                _stages.Add(new DropoutStage(Floats(stage), dropout.Rate, key, Capacity));
                break;
        }
    }

    /// <summary>Floats of one sample before an elementwise layer.</summary>
    private static int Floats(StageLayout stage) => checked((int)(stage.Channels == 0
        ? stage.Layer.Input.Size
        : (long)stage.Layer.Input.Height * stage.Layer.Input.Width * stage.Channels));

    private unsafe void AddDense(StageLayout stage, DenseLayer dense)
    {
        var softmax = dense.Activation.Kind == ActivationKind.Softmax;
        var activation = softmax ? Activation.None : dense.Activation;
        var (inputs, outputs) = ((int)stage.Layer.Input.Size, (int)stage.Layer.Output.Size);
        AddWithWeights(stage.Layer.Index, new DenseStage(inputs, outputs, activation, Capacity, InputWanted, _product)
        {
            Weights = Weights.Pointer + stage.Weight!.Offset,
            WeightGradients = Gradients.Pointer + stage.Weight.Offset,
            Biases = stage.Bias is { } bias ? Weights.Pointer + bias.Offset : null,
            BiasGradients = stage.Bias is { } biasGradient ? Gradients.Pointer + biasGradient.Offset : null,
        });
        if (softmax)
            _stages.Add(new SoftmaxStage(outputs, Capacity));
    }

    private unsafe void AddConv(StageLayout stage, ConvLayer conv, StageLayout? pool)
    {
        var (input, output) = (stage.Layer.Input, stage.Layer.Output);
        if (stage.Layer.Index == 0 && input.Channels > 1)
            _stages.Add(new ChannelsLastStage(input.Height * input.Width, input.Channels, Capacity));
        var shape = new ConvShape(conv.Window, input, stage.Channels, output);
        AddWithWeights(stage.Layer.Index, new ConvStage(shape, Capacity, InputWanted, _product.Tiles)
        {
            Weights = Weights.Pointer + stage.Weight!.Offset,
            WeightGradients = Gradients.Pointer + stage.Weight.Offset,
        });
        if (pool is not null)
        {
            AddPool(pool);
            output = pool.Layer.Output;
        }

        _stages.Add(new PixelActivationStage(output.Height * output.Width, shape.Filters, conv.Activation, Capacity)
        {
            Biases = stage.Bias is { } bias ? Weights.Pointer + bias.Offset : null,
            BiasGradients = stage.Bias is { } biasGradient ? Gradients.Pointer + biasGradient.Offset : null,
        });
    }

    private void AddPool(StageLayout stage)
    {
        var (input, window) = (stage.Layer.Input, ((PoolLayer)stage.Layer.Layer).Window);
        _stages.Add(new MaxPoolStage(input.Height, input.Width, stage.Channels, window.Height, window.Width, Capacity));
    }

    // Gradients go back as far as the first layer that learns.
    private void AddWithWeights(int layer, Stage stage)
    {
        if (_firstLearning < 0 && !_frozen.Contains(layer))
            _firstLearning = _stages.Count;
        _stages.Add(stage);
    }
}
