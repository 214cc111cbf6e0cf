using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Data;
using Sweeps.Training.Networks;
using Sweeps.Training.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>
/// A network whose gradients come from libtorch's autograd: for layers that have no stage. Weights and gradients are
/// views of two flat tensors, so that the optimizer still makes one pass; a dispose scope a step frees everything else.
/// </summary>
internal sealed class AutogradNetwork : Network
{
    private readonly ParameterLayout _parameters = new();
    private readonly List<Tensor> _leaves = [];
    private readonly TensorMemory _weights;
    private readonly TensorMemory _gradients;
    private readonly TensorMemory _statistics;
    private readonly TensorMemory _input;
    private readonly LayerGraph _graph;
    private readonly FloatBuffer _outputs;
    private readonly FloatBuffer _outputGradients;
    private readonly int _columns;
    private DisposeScope? _step;
    private Tensor? _result;
    private int _rows;

    /// <summary>Buffers for batches of up to <paramref name="capacity"/> samples; all weights zero.</summary>
    /// <param name="plan">The layers.</param>
    /// <param name="streams">The key of the training's random streams.</param>
    /// <param name="capacity">The most samples of a batch.</param>
    /// <param name="frozen">The places of layers whose weights and statistics stay as they are; null: none.</param>
    public AutogradNetwork(
        NetworkShape plan, StreamKey streams, int capacity, IReadOnlySet<int>? frozen = null)
    {
        frozen ??= new HashSet<int>();
        // One thread a training: libtorch keeps the number by thread.
        set_num_threads(1);
        Capacity = capacity;
        _columns = plan.Layers[^1].Output.Channels;
        foreach (var layer in plan.Layers)
        {
            foreach (var shape in layer.Parameters)
                _parameters.Add(layer.Index, shape);
        }

        (_weights, _gradients) = (new(_parameters.Length), new(_parameters.Length));
        _statistics = new(FloatBuffer.RoundUp(plan.Statistics));
        _input = plan.Input.IsFlat
            ? new(capacity, plan.Input.Channels)
            : new(capacity, plan.Input.Channels, plan.Input.Height, plan.Input.Width);
        foreach (var place in _parameters.Places)
        {
            var leaf = _weights.View(place.Offset, [.. place.Shape.Dimensions]);
            if (frozen.Contains(place.Layer))
            {
                _leaves.Add(leaf);
                continue;
            }

            leaf.requires_grad = true;
            // A gradient that is set is added to in place.
            using var gradient = _gradients.View(place.Offset, [.. place.Shape.Dimensions]);
            leaf.grad = gradient;
            _leaves.Add(leaf);
        }

        _graph = new(plan, _leaves, _statistics, streams, frozen);
        _outputs = new((long)capacity * FloatBuffer.RoundUp(_columns));
        _outputGradients = new((long)capacity * FloatBuffer.RoundUp(_columns));
    }

    /// <inheritdoc />
    public override IReadOnlyList<ParameterPlace> ParameterPlaces => _parameters.Places;

    /// <inheritdoc />
    public override FloatBuffer Weights => _weights.Buffer;

    /// <inheritdoc />
    public override FloatBuffer Gradients => _gradients.Buffer;

    /// <inheritdoc />
    public override FloatBuffer Statistics => _statistics.Buffer;

    /// <inheritdoc />
    public override IReadOnlyList<StatisticPlace> StatisticPlaces => _graph.StatisticPlaces;

    /// <inheritdoc />
    public override int Capacity { get; }

    /// <inheritdoc />
    public override unsafe Matrix OutputGradient =>
        new(_outputGradients.Pointer, _rows, _columns, FloatBuffer.RoundUp(_columns));

    /// <inheritdoc />
    public override void BeginEpoch(int epoch) => _graph.BeginEpoch(epoch);

    /// <inheritdoc />
    public override unsafe Matrix Forward(Batch batch, bool learning)
    {
        EndStep();
        _rows = batch.Count;
        batch.Inputs.Span[..(_rows * batch.Part.Features)].CopyTo(_input.Buffer.Span);
        _step = NewDisposeScope();
        using (set_grad_enabled(learning))
            _result = _graph.Forward(_input.Tensor.narrow(0, 0, _rows), learning);
        var outputs = new Matrix(_outputs.Pointer, _rows, _columns, FloatBuffer.RoundUp(_columns));
        fixed (byte* bytes = _result.bytes)
            CopyRows((float*)bytes, _columns, outputs.Pointer, outputs.RowStride);
        if (!learning)
            EndStep();
        return outputs;
    }

    /// <inheritdoc />
    public override unsafe void Backward()
    {
        var result = _result ?? throw new InvalidOperationException("A learning forward pass comes first.");
        Gradients.Span.Clear();
        var gradient = empty([_rows, _columns]);
        fixed (byte* bytes = gradient.bytes)
            CopyRows(_outputGradients.Pointer, OutputGradient.RowStride, (float*)bytes, _columns);
        result.backward([gradient]);
        EndStep();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        EndStep();
        _graph.Dispose();
        foreach (var leaf in _leaves)
        {
            if (leaf.requires_grad)
                leaf.grad = null;
            leaf.Dispose();
        }

        _weights.Dispose();
        _gradients.Dispose();
        _statistics.Dispose();
        _input.Dispose();
        _outputs.Dispose();
        _outputGradients.Dispose();
    }

    private unsafe void CopyRows(float* from, int fromStride, float* to, int toStride)
    {
        for (var row = 0; row < _rows; row++)
            new Span<float>(from + ((long)row * fromStride), _columns)
                .CopyTo(new(to + ((long)row * toStride), _columns));
    }

    private void EndStep()
    {
        _result = null;
        _step?.Dispose();
        _step = null;
    }
}
