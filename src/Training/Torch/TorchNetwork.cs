using Sweeps.Core.Networks;
using Sweeps.Training.Data;
using Sweeps.Training.Networks;
using Sweeps.Training.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>
/// A network whose gradients come from libtorch's autograd. Weights, gradients and statistics lie in flat buffers as
/// every network's, so that the optimizer makes one pass; a dispose scope a step frees everything else. What runs the
/// layers is the subclass's.
/// </summary>
internal abstract class TorchNetwork : Network
{
    private readonly ParameterLayout _parameters = new();
    private readonly TensorMemory _weights;
    private readonly TensorMemory _gradients;
    private readonly TensorMemory _input;
    private readonly FloatBuffer _outputs;
    private readonly FloatBuffer _outputGradients;
    private DisposeScope? _step;
    private Tensor? _result;

    /// <summary>Buffers for batches of up to <paramref name="capacity"/> samples; all zero.</summary>
    protected TorchNetwork(NetworkShape plan, int capacity)
    {
        // One thread a training: libtorch keeps the number by thread.
        set_num_threads(1);
        Capacity = capacity;
        Columns = plan.Layers[^1].Output.Channels;
        foreach (var layer in plan.Layers)
        {
            foreach (var shape in layer.Parameters)
                _parameters.Add(layer.Index, shape);
        }

        (_weights, _gradients) = (new(_parameters.Length), new(_parameters.Length));
        StatisticsMemory = new(FloatBuffer.RoundUp(plan.Statistics));
        _input = new(BatchShape(plan.Input, capacity));
        _outputs = new((long)capacity * FloatBuffer.RoundUp(Columns));
        _outputGradients = new((long)capacity * FloatBuffer.RoundUp(Columns));
    }

    /// <inheritdoc />
    public sealed override IReadOnlyList<ParameterPlace> ParameterPlaces => _parameters.Places;

    /// <inheritdoc />
    public sealed override FloatBuffer Weights => _weights.Buffer;

    /// <inheritdoc />
    public sealed override FloatBuffer Gradients => _gradients.Buffer;

    /// <inheritdoc />
    public sealed override FloatBuffer Statistics => StatisticsMemory.Buffer;

    /// <inheritdoc />
    public sealed override int Capacity { get; }

    /// <inheritdoc />
    public sealed override unsafe Matrix OutputGradient =>
        new(_outputGradients.Pointer, Rows, Columns, FloatBuffer.RoundUp(Columns));

    /// <summary>The shape of a batch: [samples, features], or [samples, channels, rows, columns].</summary>
    public static long[] BatchShape(TensorShape input, long rows) =>
        input.IsFlat ? [rows, input.Channels] : [rows, input.Channels, input.Height, input.Width];

    /// <summary>The memory of <see cref="Statistics"/>.</summary>
    protected TensorMemory StatisticsMemory { get; }

    /// <summary>Samples of the batch at hand.</summary>
    protected int Rows { get; private set; }

    /// <summary>Values that the network gives for each.</summary>
    protected int Columns { get; }

    /// <inheritdoc />
    public sealed override unsafe Matrix Forward(Batch batch, bool learning)
    {
        EndStep();
        Rows = batch.Count;
        batch.Inputs.Span[..(Rows * batch.Part.Features)].CopyTo(_input.Buffer.Span);
        _step = NewDisposeScope();
        using (set_grad_enabled(learning))
            _result = Run(_input.Tensor.narrow(0, 0, Rows), learning);
        var outputs = new Matrix(_outputs.Pointer, Rows, Columns, FloatBuffer.RoundUp(Columns));
        fixed (byte* bytes = _result.bytes)
            CopyRows((float*)bytes, Columns, outputs.Pointer, outputs.RowStride);
        if (!learning)
            EndStep();
        return outputs;
    }

    /// <inheritdoc />
    public sealed override unsafe void Backward()
    {
        var result = _result ?? throw new InvalidOperationException("A learning forward pass comes first.");
        Gradients.Span.Clear();
        var gradient = empty([Rows, Columns]);
        fixed (byte* bytes = gradient.bytes)
            CopyRows(_outputGradients.Pointer, OutputGradient.RowStride, (float*)bytes, Columns);
        result.backward([gradient]);
        TakeGradients();
        EndStep();
    }

    /// <inheritdoc />
    public sealed override void Dispose()
    {
        EndStep();
        Team.Dispose();
        DisposeLayers();
        _weights.Dispose();
        _gradients.Dispose();
        StatisticsMemory.Dispose();
        _input.Dispose();
        _outputs.Dispose();
        _outputGradients.Dispose();
    }

    /// <summary>Runs the layers; gradients are kept where <paramref name="learning"/>.</summary>
    /// <param name="rows">As <see cref="BatchShape"/> says.</param>
    /// <param name="learning">Whether the way back follows.</param>
    /// <returns>[rows, columns], row after row in memory.</returns>
    protected abstract Tensor Run(Tensor rows, bool learning);

    /// <summary>After the way back, where gradients are not written into <see cref="GradientOf"/> by it.</summary>
    protected virtual void TakeGradients()
    {
    }

    /// <summary>Frees what the subclass made; its views of the flat buffers, too.</summary>
    protected abstract void DisposeLayers();

    /// <summary>A view of a tensor's weights.</summary>
    protected Tensor WeightOf(ParameterPlace place) => _weights.View(place.Offset, [.. place.Shape.Dimensions]);

    /// <summary>A view of a tensor's gradient.</summary>
    protected Tensor GradientOf(ParameterPlace place) => _gradients.View(place.Offset, [.. place.Shape.Dimensions]);

    private unsafe void CopyRows(float* from, int fromStride, float* to, int toStride)
    {
        for (var row = 0; row < Rows; row++)
            new Span<float>(from + ((long)row * fromStride), Columns)
                .CopyTo(new(to + ((long)row * toStride), Columns));
    }

    private void EndStep()
    {
        _result = null;
        _step?.Dispose();
        _step = null;
    }
}
