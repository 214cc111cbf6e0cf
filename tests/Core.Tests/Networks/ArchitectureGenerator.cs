using FsCheck;
using FsCheck.Fluent;
using Sweeps.Core.Networks;

namespace Sweeps.Core.Tests.Networks;

/// <summary>
/// Any valid layers, with numbers all over their ranges; not necessarily a network that fits an input.
/// </summary>
internal static class ArchitectureGenerator
{
    private static Gen<double> Share => Gen.Choose(0, 999_999).Select(i => i / 1e6);

    private static Gen<Activation> Activations => Gen.OneOf(
        Gen.Choose(0, (int)ActivationKind.Softmax).Select(kind => Activation.Of((ActivationKind)kind)),
        Share.Select(slope => new Activation(ActivationKind.LeakyRelu, slope * 100)),
        Share.Select(slope => new Activation(ActivationKind.Elu, slope)));

    private static Gen<Padding> Paddings => Gen.OneOf(
        Gen.Constant(Padding.Valid), Gen.Constant(Padding.Same), Gen.Choose(0, 1000).Select(Padding.Of));

    private static Gen<Window> Windows =>
        from height in Gen.Choose(1, 1000)
        from width in Gen.Choose(1, 1000)
        from strides in Gen.Choose(1, 1000).Two()
        from square in ArbMap.Default.GeneratorFor<bool>()
        from padding in Paddings
        select new Window(height, width, strides.Item1, square ? strides.Item1 : strides.Item2, padding);

    private static Gen<Layer> Layers
    {
        get
        {
            var size = Gen.Choose(1, 1_000_000);
            var flag = ArbMap.Default.GeneratorFor<bool>();
            return Gen.OneOf(
                Gen.Constant<Layer>(new FlattenLayer()),
                Gen.Constant<Layer>(new GlobalAvgPoolLayer()),
                from units in size
                from any in flag
                from activation in Activations
                from bias in flag
                select (Layer)new DenseLayer(any ? units : null, activation, bias),
                from filters in size
                from window in Windows
                from activation in Activations
                from bias in flag
                from groups in Gen.Choose(1, 3)
                from dilation in Gen.Choose(1, 3)
                select (Layer)new ConvLayer(
                    groups * (1 + (filters / 4)), window with { Dilation = dilation }, activation, bias, groups),
                from window in Windows
                from multiplier in Gen.Choose(1, 1000)
                from activation in Activations
                from bias in flag
                select (Layer)new DepthwiseConvLayer(window, multiplier, activation, bias),
                from filters in size
                from window in Windows
                from multiplier in Gen.Choose(1, 1000)
                from activation in Activations
                from bias in flag
                select (Layer)new SeparableConvLayer(filters, window, multiplier, activation, bias),
                from epsilon in Share select (Layer)new LayerNormLayer(epsilon + 1e-12),
                from groups in size
                from epsilon in Share
                select (Layer)new GroupNormLayer(groups, epsilon + 1e-12),
                from ratio in size select (Layer)new SqueezeExciteLayer(ratio),
                from means in Share.Select(share => (share - 0.5) * 300).Three()
                from deviation in Share
                from reversed in flag
                select (Layer)new NormalizeLayer(
                    [means.Item1, means.Item2, means.Item3], [deviation + 1e-6], reversed),
                from filters in Gen.Choose(1, 250_000)
                from strides in Gen.Choose(1, 1000).Two()
                from activation in Activations
                from squeeze in Gen.Choose(0, 64)
                from padded in flag
                select (Layer)new BottleneckLayer(filters, strides.Item1, strides.Item2, activation, squeeze)
                {
                    Padding = padded ? Padding.Of(1) : Padding.Same,
                },
                from isAdd in flag
                from window in Windows
                from activation in Activations
                from empty in flag
                select (Layer)new JoinLayer(
                    isAdd ? JoinKind.Add : JoinKind.Concat,
                    [
                        [new ConvLayer(3, window), new BatchNormLayer(), new ActivationLayer(activation)],
                        empty ? [] : [new JoinLayer(JoinKind.Concat, [[], [new DropoutLayer(0.5)]], activation)],
                    ],
                    activation),
                from max in flag
                from window in Windows
                let padding = window.Padding.Kind == PaddingKind.Explicit
                    ? Padding.Of(window.Padding.Size % (Math.Min(window.Height, window.Width) / 2 + 1))
                    : window.Padding
                select (Layer)new PoolLayer(max ? PoolKind.Max : PoolKind.Average, window with { Padding = padding }),
                from activation in Activations select (Layer)new ActivationLayer(activation),
                from rate in Share select (Layer)new DropoutLayer(rate),
                from momentum in Share
                from epsilon in Share
                select (Layer)new BatchNormLayer(momentum, epsilon + 1e-12),
                from filters in size
                from window in Windows
                from activation in Activations
                select (Layer)new ResidualLayer(
                    filters, window.Height, window.Width, window.StrideHeight, window.StrideWidth, activation)
                {
                    Padding = window.Height == window.Width && window.Height % 2 == 1
                        ? Padding.Of(window.Height / 2)
                        : Padding.Same,
                });
        }
    }

    public static Arbitrary<Architecture> Any => Arb.From(
        from count in Gen.Choose(1, 20)
        from layers in Layers.ListOf(count)
        select new Architecture(layers));
}
