using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Networks;
using Sweeps.Training.Numerics;
using Sweeps.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.Training.Own;

/// <summary>
/// A network of the user's own code: its weights and buffers lie in flat buffers as every network's, and are copied
/// into the module before a pass and out of it afterwards, so that optimizers and checkpoints know no module.
/// </summary>
internal sealed class ModuleNetwork : Network
{
    private readonly ParameterLayout _parameters = new();
    private readonly List<StatisticPlace> _statisticPlaces = [];
    private readonly OwnLayer _layer;
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly List<(TorchSharp.Modules.Parameter Parameter, Tensor Weights, Tensor Gradients)> _tensors = [];
    private readonly List<(Tensor Buffer, Tensor Values)> _buffers = [];
    private readonly TensorMemory _weights;
    private readonly TensorMemory _gradients;
    private readonly TensorMemory _statistics;
    private readonly TensorMemory _input;
    private readonly FloatBuffer _outputs;
    private readonly FloatBuffer _outputGradients;
    private readonly StreamKey _streams;
    private readonly bool _isFrozen;
    private readonly bool _drawsNumbers;
    private readonly int _columns;
    private int _epoch;
    private int _step;
    private DisposeScope? _scope;
    private Tensor? _result;
    private int _rows;

    /// <summary>Makes the module, and buffers for batches of up to <paramref name="capacity"/> samples.</summary>
    /// <param name="plan">The network, a single layer.</param>
    /// <param name="streams">The key of the training's random streams.</param>
    /// <param name="capacity">The most samples of a batch.</param>
    /// <param name="frozen">The places of layers that do not learn; null: none.</param>
    public ModuleNetwork(NetworkShape plan, StreamKey streams, int capacity, IReadOnlySet<int>? frozen = null)
    {
        set_num_threads(1);
        var shape = plan.Layers[0];
        _layer = (OwnLayer)shape.Layer;
        (_streams, Capacity) = (streams with { Purpose = Purpose.Dropout }, capacity);
        _columns = shape.Output.Channels;
        _isFrozen = frozen?.Contains(shape.Index) == true;
        _drawsNumbers = OwnModules.Shapes.DrawsNumbers(_layer, plan.Input);
        lock (OwnModules.Generator)
            _module = OwnModules.Make(_layer, plan.Input);
        foreach (var parameter in shape.Parameters)
            _parameters.Add(shape.Index, parameter);
        (_weights, _gradients) = (new(_parameters.Length), new(_parameters.Length));
        _statistics = new(FloatBuffer.RoundUp(plan.Statistics));
        _input = new(OwnModules.BatchShape(plan.Input, capacity));
        foreach (var (place, (_, parameter)) in _parameters.Places.Zip(_module.named_parameters()))
        {
            long[] sizes = [.. place.Shape.Dimensions];
            _tensors.Add((parameter, _weights.View(place.Offset, sizes), _gradients.View(place.Offset, sizes)));
        }

        var used = 0;
        foreach (var (name, buffer) in _module.named_buffers())
        {
            var length = (int)buffer.numel();
            var values = _statistics.View(used, buffer.shape);
            using (no_grad())
                values.copy_(buffer);
            _buffers.Add((buffer, values));
            _statisticPlaces.Add(new($"{shape.Index}.{name}", used, length));
            used += length;
        }

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
    public override IReadOnlyList<StatisticPlace> StatisticPlaces => _statisticPlaces;

    /// <inheritdoc />
    public override int Capacity { get; }

    /// <inheritdoc />
    public override unsafe Matrix OutputGradient =>
        new(_outputGradients.Pointer, _rows, _columns, FloatBuffer.RoundUp(_columns));

    /// <inheritdoc />
    public override void BeginEpoch(int epoch) => (_epoch, _step) = (epoch, 0);

    /// <inheritdoc />
    public override unsafe Matrix Forward(Batch batch, bool learning)
    {
        EndStep();
        _rows = batch.Count;
        batch.Inputs.Span[..(_rows * batch.Part.Features)].CopyTo(_input.Buffer.Span);
        using (no_grad())
        {
            foreach (var (parameter, weights, _) in _tensors)
                parameter.copy_(weights);
            foreach (var (buffer, values) in _buffers)
                buffer.copy_(values);
        }

        _scope = NewDisposeScope();
        _result = Run(learning && !_isFrozen, learning);
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
        using (no_grad())
        {
            foreach (var (parameter, _, gradients) in _tensors)
            {
                // Null: this step's output does not depend on it.
                if (parameter.grad is { } computed)
                    gradients.copy_(computed);
                parameter.grad = null;
            }
        }

        EndStep();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        EndStep();
        _module.Dispose();
        foreach (var (_, weights, gradients) in _tensors)
        {
            weights.Dispose();
            gradients.Dispose();
        }

        foreach (var (_, values) in _buffers)
            values.Dispose();
        _weights.Dispose();
        _gradients.Dispose();
        _statistics.Dispose();
        _input.Dispose();
        _outputs.Dispose();
        _outputGradients.Dispose();
    }

    private Tensor Run(bool learning, bool keepsGradients)
    {
        _module.train(learning);
        Tensor result;
        try
        {
            using var mode = set_grad_enabled(keepsGradients);
            var rows = _input.Tensor.narrow(0, 0, _rows);
            result = learning && _drawsNumbers ? ForwardWithNumbers(rows) : _module.forward(rows);
            result = result.contiguous();
        }
        catch (Exception error) when (error is not OutOfMemoryException && !IsOutOfMemory(error))
        {
            throw new TrainingException(
                TrainingFailure.Network, OwnModules.Failed(_layer, "failed in its forward", error).Message, error);
        }

        if (!result.shape.SequenceEqual([_rows, _columns]) || result.dtype != ScalarType.Float32)
            throw new TrainingException(
                TrainingFailure.Network,
                $"The module {_layer.Type} gave [{string.Join(", ", result.shape)}] of {result.dtype} for {_rows} "
                    + $"samples in its forward; it must give [{_rows}, {_columns}] of Float32.");
        if (learning)
        {
            using var off = no_grad();
            foreach (var (buffer, values) in _buffers)
                values.copy_(buffer);
        }

        return result;
    }

    /// <summary>libtorch has one generator for the process: each step begins it anew; nobody else draws then.</summary>
    private Tensor ForwardWithNumbers(Tensor rows)
    {
        var stream = new RandomStream(_streams with { Epoch = _epoch, Index = _step++ });
        lock (OwnModules.Generator)
        {
            random.manual_seed((long)(stream.NextUInt64() >> 1));
            return _module.forward(rows);
        }
    }

    private static bool IsOutOfMemory(Exception error) =>
        error is System.Runtime.InteropServices.ExternalException && LibtorchError.IsOutOfMemory(error.Message);

    private unsafe void CopyRows(float* from, int fromStride, float* to, int toStride)
    {
        for (var row = 0; row < _rows; row++)
            new Span<float>(from + ((long)row * fromStride), _columns)
                .CopyTo(new(to + ((long)row * toStride), _columns));
    }

    private void EndStep()
    {
        _result = null;
        _scope?.Dispose();
        _scope = null;
    }
}
