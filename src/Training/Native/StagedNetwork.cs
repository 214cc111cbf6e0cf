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
    private readonly MatrixProduct _product;
    private readonly ParameterLayout _parameters = new();
    private readonly StatisticLayout _statistics = new(isPadded: true);
    private readonly StageChain _stages;
    private readonly FloatBuffer _outputGradients;
    private readonly int _outputs;
    private int _rows;

    /// <summary>Buffers for batches of up to <paramref name="capacity"/> samples; all weights zero.</summary>
    /// <param name="plan">Where <see cref="NativeStages.WhyNot"/> says nothing.</param>
    /// <param name="streams">The key of the training's random streams.</param>
    /// <param name="capacity">The most samples of a batch.</param>
    /// <param name="frozen">The places of layers whose weights stay as they are; null: none.</param>
    /// <param name="stages">The set of stages to take.</param>
    /// <param name="wide">Whether tiles of 512 bits are used; null: where the processor has them.</param>
    public StagedNetwork(
        NetworkShape plan, StreamKey streams, int capacity, IReadOnlySet<int>? frozen = null,
        StageSet stages = NativeStages.Newest, bool? wide = null)
    {
        Capacity = capacity;
        _product = new(Team, wide);
        _outputs = plan.Layers[^1].Output.Channels;
        var layers = StageLayout.Of(plan, _parameters, _statistics);
        Weights = new(_parameters.Length);
        Gradients = new(_parameters.Length);
        Statistics = new(_statistics.Length);
        _statistics.Fill(Statistics);
        _outputGradients = new((long)capacity * FloatBuffer.RoundUp(_outputs));
        // Masks of networks that only torch trained once are drawn as it draws them.
        var drawsAsItLies = NativeStages.WhyNot(plan, StageSet.First) is null;
        _stages = StageBuilder.Build(
            new(streams, capacity, frozen ?? new HashSet<int>(), Weights, Gradients, Statistics, _product, Team,
                stages,
                drawsAsItLies),
            layers);
        FirstDense = frozen is null or { Count: 0 } ? _stages.First as DenseStage : null;
    }

    /// <inheritdoc />
    public override IReadOnlyList<ParameterPlace> ParameterPlaces => _parameters.Places;

    /// <inheritdoc />
    public override FloatBuffer Weights { get; }

    /// <inheritdoc />
    public override FloatBuffer Gradients { get; }

    /// <inheritdoc />
    public override FloatBuffer Statistics { get; }

    /// <inheritdoc />
    public override IReadOnlyList<StatisticPlace> StatisticPlaces => _statistics.Places;

    /// <inheritdoc />
    public override int Capacity { get; }

    /// <inheritdoc />
    public override unsafe Matrix OutputGradient =>
        new(_outputGradients.Pointer, _rows, _outputs, FloatBuffer.RoundUp(_outputs));

    /// <summary>
    /// Its first layer, where that is a dense one on the samples as they are and learns; otherwise null.
    /// </summary>
    public DenseStage? FirstDense { get; }

    /// <inheritdoc />
    public override void BeginEpoch(int epoch) => _stages.BeginEpoch(epoch);

    /// <inheritdoc />
    public override Matrix Forward(Batch batch, bool learning)
    {
        _rows = batch.Count;
        if (_stages.First is DenseStage { IsServed: false } first)
            first.InputPattern = first.GainsByZeros(batch.Part.ZeroShare) ? batch.Pattern : null;
        return _stages.Forward(batch.Matrix, learning);
    }

    /// <inheritdoc />
    public override void Backward() => _stages.Backward(OutputGradient, inputWanted: false);

    /// <inheritdoc />
    public override void Dispose()
    {
        Team.Dispose();
        _stages.Dispose();
        Weights.Dispose();
        Gradients.Dispose();
        Statistics.Dispose();
        _outputGradients.Dispose();
        _product.Dispose();
    }
}
