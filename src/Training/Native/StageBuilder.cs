using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Native.Winograd;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native;

/// <summary>What the stages of a network share.</summary>
/// <param name="Streams">The key of the training's random streams.</param>
/// <param name="Capacity">The most samples of a batch.</param>
/// <param name="Frozen">The places of layers that do not learn.</param>
/// <param name="Weights">All weights.</param>
/// <param name="Gradients">Their gradients.</param>
/// <param name="Statistics">All running statistics.</param>
/// <param name="Product">Products of matrices.</param>
/// <param name="Team">Who shares the work.</param>
/// <param name="Stages">The set of stages to take.</param>
/// <param name="DrawsAsItLies">Whether dropout masks of images are drawn in the order in which these lie.</param>
internal sealed record StageMemory(
    StreamKey Streams,
    int Capacity,
    IReadOnlySet<int> Frozen,
    FloatBuffer Weights,
    FloatBuffer Gradients,
    FloatBuffer Statistics,
    MatrixProduct Product,
    ThreadTeam Team,
    StageSet Stages,
    bool DrawsAsItLies);

/// <summary>Makes the stages of layers that follow one another.</summary>
/// <param name="memory">What all stages share.</param>
/// <param name="inputWanted">Whether layers before them learn.</param>
internal sealed class StageBuilder(StageMemory memory, bool inputWanted)
{
    private readonly List<Stage> _stages = [];
    private int _firstLearning = -1;

    private int Capacity => memory.Capacity;

    private bool InputWanted => inputWanted || _firstLearning >= 0;

    /// <summary>The stages of some layers.</summary>
    public static StageChain Build(StageMemory memory, IReadOnlyList<StageLayout> layers, bool inputWanted = false)
    {
        var builder = new StageBuilder(memory, inputWanted);
        for (var i = 0; i < layers.Count; i++)
        {
            if (builder.Add(layers[i], i + 1 < layers.Count ? layers[i + 1] : null))
                i++;
        }

        return new(builder._stages, builder._firstLearning);
    }

    /// <summary>Adds a layer; true: the next one with it.</summary>
    private bool Add(StageLayout stage, StageLayout? next)
    {
        if (stage.IsFirst)
            _stages.Add(new ChannelsLastStage(Pixels(stage.Input), stage.Input.Channels, stage.Channels, Capacity));
        switch (stage.Layer)
        {
            case DenseLayer dense:
                AddDense(stage, dense);
                break;
            case ConvLayer conv:
                // The largest of rectified values is the largest value, rectified, and adding a bias keeps the order:
                // the same numbers, a fraction of the work after the pool.
                var pool = conv.Activation.Kind is ActivationKind.Relu or ActivationKind.Linear
                    && next?.Layer is PoolLayer { Kind: PoolKind.Max } ? next : null;
                var mean = next?.Layer is PoolLayer means && PooledActivationStage.Suits(conv, means, next.Input)
                    ? next : null;
                AddConv(stage, conv, pool, mean);
                return (pool ?? mean) is not null;
            case PoolLayer:
            case GlobalAvgPoolLayer:
                AddPool(stage);
                break;
            case BatchNormLayer norm:
                var applied = next?.Layer is ActivationLayer { Activation.Kind: not ActivationKind.Softmax } after
                    ? after.Activation : Activation.None;
                AddBatchNorm(stage, norm, applied);
                return applied.Kind != ActivationKind.Linear;
            case BlockLayer block:
                AddBlock(stage, block);
                break;
            case FlattenLayer when stage.Channels > 1:
                _stages.Add(new FlattenStage(Pixels(stage.Input), stage.Input.Channels, Capacity));
                break;
            case ActivationLayer { Activation.Kind: ActivationKind.Softmax }:
                _stages.Add(new SoftmaxStage(checked((int)stage.Output.Size), Capacity));
                break;
            case ActivationLayer activation:
                var isImage = stage.Channels > 1;
                _stages.Add(new ActivationStage(
                    isImage ? Pixels(stage.Input) : 1, isImage ? stage.Input.Channels : (int)stage.Input.Size,
                    activation.Activation, Capacity));
                break;
            case DropoutLayer { Rate: > 0 } dropout:
                var key = memory.Streams with { Purpose = Purpose.Dropout, Index = stage.Index };
                TensorShape? image = memory.DrawsAsItLies || stage.Channels <= 1 ? null : stage.Input;
                _stages.Add(new DropoutStage(Floats(stage), dropout.Rate, key, Capacity, image));
                break;
        }

        return false;
    }

    private static int Pixels(TensorShape image) => image.Height * image.Width;

    /// <summary>Floats of one sample before an elementwise layer.</summary>
    private static int Floats(StageLayout stage) => checked((int)(stage.Channels == 0
        ? stage.Input.Size
        : (long)stage.Input.Height * stage.Input.Width * stage.Channels));

    private unsafe void AddDense(StageLayout stage, DenseLayer dense)
    {
        var softmax = dense.Activation.Kind == ActivationKind.Softmax;
        var activation = softmax ? Activation.None : dense.Activation;
        var (inputs, outputs) = ((int)stage.Input.Size, (int)stage.Output.Size);
        AddWithWeights(
            stage, new DenseStage(
                inputs, outputs, activation, Capacity, InputWanted, memory.Product, memory.Team,
                isTurned: stage.Places[0].IsTurned)
            {
                Weights = WeightOf(stage, 0),
                WeightGradients = GradientOf(stage, 0),
                Biases = WeightOf(stage, 1),
                BiasGradients = GradientOf(stage, 1),
            });
        if (softmax)
            _stages.Add(new SoftmaxStage(outputs, Capacity));
    }

    private unsafe void AddConv(StageLayout stage, ConvLayer conv, StageLayout? pool, StageLayout? mean)
    {
        var shape = new ConvShape(conv.Window, stage.Input, stage.Channels, stage.Output);
        var (team, wide) = (memory.Team, memory.Product.Wide);
        // A data set's own pixels are not padded to whole vectors.
        var takesFewer = NativeStages.TakesFewerProducts(conv, stage.Input, memory.Stages)
            && stage.Channels % FloatBuffer.Lane == 0;
        AddWithWeights(stage, takesFewer
            ? new WinogradStage(shape, Capacity, InputWanted, team, wide)
            {
                Weights = WeightOf(stage, 0),
                WeightGradients = GradientOf(stage, 0),
            }
            : new ConvStage(shape, Capacity, InputWanted, team, wide)
            {
                Weights = WeightOf(stage, 0),
                WeightGradients = GradientOf(stage, 0),
            });
        if (mean is not null)
        {
            var (height, width, channels) = (mean.Output.Height, mean.Output.Width, mean.Output.Channels);
            _stages.Add(new PooledActivationStage(
                new(height, width, channels, mean.Channels), conv.Activation, Capacity, team)
            {
                Biases = WeightOf(stage, 1),
                BiasGradients = GradientOf(stage, 1),
            });
            return;
        }

        if (pool is not null)
            AddPool(pool);
        if (!conv.Bias && conv.Activation.Kind == ActivationKind.Linear)
            return;
        var pixels = Pixels((pool ?? stage).Output);
        _stages.Add(new PixelActivationStage(
            pixels, stage.Output.Channels, conv.Activation, Capacity, memory.Team)
        {
            Biases = WeightOf(stage, 1),
            BiasGradients = GradientOf(stage, 1),
        });
    }

    private void AddPool(StageLayout stage)
    {
        var (input, output) = (stage.Input, stage.Output);
        _stages.Add(stage.Layer switch
        {
            PoolLayer { Kind: PoolKind.Max } pool =>
                new MaxPoolStage(pool.Window, input, output, stage.Channels, Capacity, memory.Team),
            PoolLayer pool => new AveragePoolStage(pool.Window, input, output, stage.Channels, Capacity, memory.Team),
            _ => new AveragePoolStage(
                new(input.Height, input.Width, input.Height, input.Width, Padding.Valid), input, output,
                stage.Channels, Capacity, memory.Team),
        });
    }

    private unsafe void AddBatchNorm(StageLayout stage, BatchNormLayer norm, Activation activation)
    {
        var (mean, variance) = stage.Moments!.Value;
        var places = new BatchNormPlaces
        {
            Gamma = WeightOf(stage, 0),
            GammaGradient = GradientOf(stage, 0),
            Beta = WeightOf(stage, 1),
            BetaGradient = GradientOf(stage, 1),
            Mean = memory.Statistics.Pointer + mean.Offset,
            Variance = memory.Statistics.Pointer + variance.Offset,
        };
        AddWithWeights(stage, new BatchNormStage(
            norm, Pixels(stage.Input), stage.Input.Channels, activation,
            memory.Frozen.Contains(stage.Index), Capacity, places, memory.Team));
    }

    private void AddBlock(StageLayout stage, BlockLayer block)
    {
        var main = Build(memory, stage.Main, InputWanted);
        var shortcut = Build(memory, stage.Shortcut, InputWanted);
        AddWithWeights(stage, new ResidualStage(
            main, shortcut, Pixels(stage.Output), stage.Output.Channels, block.OwnActivation, Capacity,
            memory.Team));
    }

    // Gradients go back as far as the first layer that learns.
    private void AddWithWeights(StageLayout layer, Stage stage)
    {
        if (_firstLearning < 0 && !memory.Frozen.Contains(layer.Index))
            _firstLearning = _stages.Count;
        _stages.Add(stage);
    }

    private unsafe float* WeightOf(StageLayout stage, int place) =>
        place < stage.Places.Count ? memory.Weights.Pointer + stage.Places[place].Offset : null;

    private unsafe float* GradientOf(StageLayout stage, int place) =>
        place < stage.Places.Count ? memory.Gradients.Pointer + stage.Places[place].Offset : null;
}
