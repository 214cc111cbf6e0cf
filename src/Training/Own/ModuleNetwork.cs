using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Networks;
using Sweeps.Training.Torch;
using static TorchSharp.torch;

namespace Sweeps.Training.Own;

/// <summary>
/// A network of the user's own code: its weights and buffers lie in flat buffers as every network's, and are copied
/// into the module before a pass and out of it afterwards, so that optimizers and checkpoints know no module.
/// </summary>
internal sealed class ModuleNetwork : TorchNetwork
{
    private readonly List<StatisticPlace> _statisticPlaces = [];
    private readonly OwnLayer _layer;
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly List<(TorchSharp.Modules.Parameter Parameter, Tensor Weights, Tensor Gradients)> _tensors = [];
    private readonly List<(Tensor Buffer, Tensor Values)> _buffers = [];
    private readonly StreamKey _streams;
    private readonly bool _isFrozen;
    private readonly bool _drawsNumbers;
    private int _epoch;
    private int _step;

    /// <summary>Makes the module, and buffers for batches of up to <paramref name="capacity"/> samples.</summary>
    /// <param name="plan">The network, a single layer.</param>
    /// <param name="streams">The key of the training's random streams.</param>
    /// <param name="capacity">The most samples of a batch.</param>
    /// <param name="frozen">The places of layers that do not learn; null: none.</param>
    public ModuleNetwork(NetworkShape plan, StreamKey streams, int capacity, IReadOnlySet<int>? frozen = null)
        : base(plan, capacity)
    {
        var shape = plan.Layers[0];
        _layer = (OwnLayer)shape.Layer;
        _streams = streams with { Purpose = Purpose.Dropout };
        _isFrozen = frozen?.Contains(shape.Index) == true;
        _drawsNumbers = OwnModules.Shapes.DrawsNumbers(_layer, plan.Input);
        lock (OwnModules.Generator)
            _module = OwnModules.Make(_layer, plan.Input);
        foreach (var (place, (_, parameter)) in ParameterPlaces.Zip(_module.named_parameters()))
            _tensors.Add((parameter, WeightOf(place), GradientOf(place)));
        var used = 0;
        foreach (var (name, buffer) in _module.named_buffers())
        {
            var length = (int)buffer.numel();
            var values = StatisticsMemory.View(used, buffer.shape);
            using (no_grad())
                values.copy_(buffer);
            _buffers.Add((buffer, values));
            _statisticPlaces.Add(new($"{shape.Index}.{name}", used, length));
            used += length;
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<StatisticPlace> StatisticPlaces => _statisticPlaces;

    /// <inheritdoc />
    public override void BeginEpoch(int epoch) => (_epoch, _step) = (epoch, 0);

    /// <inheritdoc />
    protected override Tensor Run(Tensor rows, bool learning)
    {
        using (no_grad())
        {
            foreach (var (parameter, weights, _) in _tensors)
                parameter.copy_(weights);
            foreach (var (buffer, values) in _buffers)
                buffer.copy_(values);
        }

        learning &= !_isFrozen;
        _module.train(learning);
        Tensor result;
        try
        {
            result = learning && _drawsNumbers ? ForwardWithNumbers(rows) : _module.forward(rows);
            result = result.contiguous();
        }
        catch (Exception error) when (error is not OutOfMemoryException && !IsOutOfMemory(error))
        {
            throw new TrainingException(
                TrainingFailure.Network, OwnModules.Failed(_layer, "failed in its forward", error).Message, error);
        }

        if (!result.shape.SequenceEqual([Rows, Columns]) || result.dtype != ScalarType.Float32)
            throw new TrainingException(
                TrainingFailure.Network,
                $"The module {_layer.Type} gave [{string.Join(", ", result.shape)}] of {result.dtype} for {Rows} "
                    + $"samples in its forward; it must give [{Rows}, {Columns}] of Float32.");
        if (learning)
        {
            using var off = no_grad();
            foreach (var (buffer, values) in _buffers)
                values.copy_(buffer);
        }

        return result;
    }

    /// <inheritdoc />
    protected override void TakeGradients()
    {
        using var off = no_grad();
        foreach (var (parameter, _, gradients) in _tensors)
        {
            // Null: this step's output does not depend on it.
            if (parameter.grad is { } computed)
                gradients.copy_(computed);
            parameter.grad = null;
        }
    }

    /// <inheritdoc />
    protected override void DisposeLayers()
    {
        _module.Dispose();
        foreach (var (_, weights, gradients) in _tensors)
        {
            weights.Dispose();
            gradients.Dispose();
        }

        foreach (var (_, values) in _buffers)
            values.Dispose();
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
}
