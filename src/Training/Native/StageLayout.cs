using Sweeps.Core.Networks;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native;

/// <summary>
/// One layer of a staged network before its memory exists: where its numbers go and how its images lie.
/// </summary>
/// <param name="Layer">The layer.</param>
/// <param name="Index">The place of the layer of the network that it is, or is part of.</param>
/// <param name="Input">The shape before it.</param>
/// <param name="Output">The shape after it.</param>
/// <param name="Channels">Floats of a pixel before it; 0 for vectors and images kept channels first.</param>
internal sealed record StageLayout(Layer Layer, int Index, TensorShape Input, TensorShape Output, int Channels)
{
    /// <summary>Whether what is before it comes from the data set and has yet to be laid out so.</summary>
    public bool IsFirst { get; private init; }

    /// <summary>Its trainable tensors: weight and bias, or gamma and beta.</summary>
    public IReadOnlyList<ParameterPlace> Places { get; private init; } = [];

    /// <summary>The running statistics of a batch_norm; otherwise null.</summary>
    public (StatisticPlace Mean, StatisticPlace Variance)? Moments { get; private init; }

    /// <summary>The layers of a block.</summary>
    public IReadOnlyList<StageLayout> Main { get; private init; } = [];

    /// <summary>The layers on the way around it.</summary>
    public IReadOnlyList<StageLayout> Shortcut { get; private init; } = [];

    /// <summary>Lays the numbers of all layers out.</summary>
    public static List<StageLayout> Of(NetworkShape plan, ParameterLayout parameters, StatisticLayout statistics)
    {
        var stages = new List<StageLayout>();
        // The data set's pixels have no padding, and are channels first; those of every stage are whole vectors.
        var channels = !plan.Input.IsFlat && plan.Input.Channels == 1 ? 1 : 0;
        var isFirst = true;
        foreach (var layer in plan.Layers)
        {
            var read = isFirst ? ReadFirst(layer.Layer, layer.Input) ?? channels : channels;
            var place = new Placing(layer.Index, new(layer.Parameters), parameters, statistics);
            var stage = place.Place(layer.Layer, layer.Input, read);
            stages.Add(stage with { IsFirst = read != channels });
            isFirst &= layer.Layer is ActivationLayer or DropoutLayer or FlattenLayer;
            channels = stage.ChannelsAfter;
        }

        return stages;
    }

    private int ChannelsAfter => Output.IsFlat ? 0
        : Layer is ConvLayer or BlockLayer ? FloatBuffer.RoundUp(Output.Channels)
        : Channels;

    /// <summary>Floats of a pixel as the first layer wants them; null: it takes the data as they are.</summary>
    private static int? ReadFirst(Layer layer, TensorShape input) => layer switch
    {
        ConvLayer => input.Channels,
        PoolLayer or GlobalAvgPoolLayer or BatchNormLayer or BlockLayer => FloatBuffer.RoundUp(input.Channels),
        _ => null,
    };

    /// <summary>Gives the layers of one layer of the network their tensors, one after the other.</summary>
    private sealed record Placing(
        int Index, Queue<ParameterShape> Shapes, ParameterLayout Parameters, StatisticLayout Statistics)
    {
        public StageLayout Place(Layer layer, TensorShape input, int channels)
        {
            var stage = new StageLayout(layer, Index, input, layer.OutputOn(input), channels);
            return layer switch
            {
                DenseLayer dense => stage with
                {
                    Places =
                    [
                        Parameters.AddDense(
                            Index, Shapes.Dequeue(), NarrowProduct.Suits((int)input.Size, (int)stage.Output.Size)),
                        .. Vectors(dense.Bias ? 1 : 0),
                    ],
                },
                ConvLayer conv => stage with
                {
                    Places =
                    [
                        Parameters.AddKernels(Index, Shapes.Dequeue(), channels), .. Vectors(conv.Bias ? 1 : 0),
                    ],
                },
                BatchNormLayer => stage with
                {
                    Places = [.. Vectors(2)],
                    Moments = Statistics.AddMoments(Index, input.Channels),
                },
                BlockLayer block => stage with
                {
                    Main = Path(block.Main, input, channels),
                    Shortcut = Path(block.Shortcut(input), input, channels),
                },
                _ => stage,
            };
        }

        private List<StageLayout> Path(IReadOnlyList<Layer> layers, TensorShape input, int channels)
        {
            var stages = new List<StageLayout>();
            foreach (var layer in layers)
            {
                stages.Add(Place(layer, input, channels));
                (input, channels) = (stages[^1].Output, stages[^1].ChannelsAfter);
            }

            return stages;
        }

        private List<ParameterPlace> Vectors(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => Parameters.Add(Index, Shapes.Dequeue()))];
    }
}
