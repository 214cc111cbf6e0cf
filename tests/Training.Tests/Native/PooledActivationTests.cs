using Sweeps.Core.Networks;
using Sweeps.Training.Native;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Tests.Native;

/// <summary>
/// A function and the mean of each 2x2 pixels in one pass, against the two stages: bit by bit. And pools of 2x2 that
/// take all of an image against the same windows on one of which a row and a column are left.
/// </summary>
public sealed unsafe class PooledActivationTests
{
    private const int Images = 3;
    private static readonly Window s_window = Window.Square(2, 2);

    public static TheoryData<string, int> Functions
    {
        get
        {
            var all = new TheoryData<string, int>();
            foreach (var function in new[] { "linear", "relu", "leaky_relu", "elu", "sigmoid", "tanh" })
            {
                foreach (var channels in new[] { 1, 6, 8, 9, 16, 21, 40 })
                    all.Add(function, channels);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Pass_WholeImages_HasTheBitsOfTwoStages(string function, int channels)
    {
        foreach (var threads in new[] { 1, 3 })
            Assert.Equal(Run(function, channels, together: false, 1), Run(function, channels, together: true, threads));
    }

    /// <summary>What pads pixels is not zero where a factor of it was infinite.</summary>
    [Theory]
    [InlineData(6)]
    [InlineData(20)]
    public void Pass_PaddingNotZero_IsPassedOn(int channels)
    {
        var two = Run("tanh", channels, together: false, 1, padding: float.NaN);
        var one = Run("tanh", channels, together: true, 1, padding: float.NaN);

        Assert.Equal(two.Select(BitConverter.Int32BitsToSingle).Select(float.IsNaN),
            one.Select(BitConverter.Int32BitsToSingle).Select(float.IsNaN));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pool_OfFours_HasTheBitsOfOtherWindows(bool isMax)
    {
        var (whole, rest) = (TensorShape.Image(32, 6, 8), TensorShape.Image(32, 7, 9));
        var values = Small.Uniform(Images * 7 * 9 * 32, 5);
        // Equal ones too: the gradient goes to the first.
        for (var i = 0; i < values.Length; i++)
            values[i] = i % 3 == 0 ? 0.25f : values[i];
        using var before = new FloatBuffer(values.Length);
        using var beforeRest = new FloatBuffer(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, 32);
            var (image, row, column) = (pixel / 63, pixel % 63 / 9, pixel % 9);
            beforeRest.Span[i] = values[i];
            if (row < 6 && column < 8)
                before.Span[(((image * 48) + (row * 8) + column) * 32) + channel] = values[i];
        }

        var (after, back) = Pool(isMax, whole, before);
        var (afterRest, backRest) = Pool(isMax, rest, beforeRest);

        Assert.Equal(afterRest, after);
        for (var i = 0; i < back.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, 32);
            var (image, row, column) = (pixel / 48, pixel % 48 / 8, pixel % 8);
            Assert.Equal(backRest[(((image * 63) + (row * 9) + column) * 32) + channel], back[i]);
        }
    }

    private static (float[] After, float[] Back) Pool(bool isMax, TensorShape before, FloatBuffer values)
    {
        using var team = new ThreadTeam();
        var after = TensorShape.Image(32, 3, 4);
        using PoolStage stage = isMax ? new MaxPoolStage(s_window, before, after, 32, Images, team)
            : new AveragePoolStage(s_window, before, after, 32, Images, team);
        var size = before.Height * before.Width * 32;
        using var gradient = Buffer(Small.Uniform(Images * 12 * 32, 6));
        var means = stage.Forward(new(values.Pointer, Images, size, size), learning: true);
        var forward = new ReadOnlySpan<float>(means.Pointer, Images * 12 * 32).ToArray();
        var back = stage.Backward(new(gradient.Pointer, Images, 12 * 32, 12 * 32), inputWanted: true);
        return (forward, new ReadOnlySpan<float>(back.Pointer, Images * size).ToArray());
    }

    /// <summary>Means, gradient of the arguments, gradient of the biases.</summary>
    private static List<int> Run(string function, int channels, bool together, int threads, float padding = 0)
    {
        var (floats, before, after) = (FloatBuffer.RoundUp(channels), TensorShape.Image(channels, 6, 10),
            TensorShape.Image(channels, 3, 5));
        var (size, sizeAfter) = (60 * floats, 15 * floats);
        using var team = new ThreadTeam { Size = threads, LeastWork = 0 };
        using var pixels = Buffer(Padded(60, 1));
        using var gradient = Buffer(Padded(15, 2));
        using var biases = new FloatBuffer(floats);
        using var biasGradients = new FloatBuffer(floats);
        Small.Uniform(channels, 3).CopyTo(biases.Span);
        var activation = ((ConvLayer)Small.Plan($"conv {channels} 1x1 {function} | flatten | dense", before, 2)
            .Layers[0].Layer).Activation;
        Stage[] stages = together
            ?
            [
                new PooledActivationStage(new(3, 5, channels, floats), activation, Images, team)
                {
                    Biases = biases.Pointer, BiasGradients = biasGradients.Pointer,
                },
            ]
            :
            [
                new PixelActivationStage(60, channels, activation, Images, team)
                {
                    Biases = biases.Pointer, BiasGradients = biasGradients.Pointer,
                },
                new AveragePoolStage(s_window, before, after, floats, Images, team),
            ];
        var values = new Matrix(pixels.Pointer, Images, size, size);
        foreach (var stage in stages)
            values = stage.Forward(values, learning: true);
        var bits = Bits(values.Pointer, Images * sizeAfter).ToList();
        var back = new Matrix(gradient.Pointer, Images, sizeAfter, sizeAfter);
        foreach (var stage in stages.Reverse())
            back = stage.Backward(back, inputWanted: true);
        bits.AddRange(Bits(back.Pointer, Images * size));
        bits.AddRange(Bits(biasGradients.Pointer, floats));
        foreach (var stage in stages)
            stage.Dispose();
        return bits;

        float[] Padded(int count, int seed) =>
        [
            .. Small.Uniform(Images * count * floats, seed)
                .Select((value, i) => i % floats < channels ? 2 * value : padding),
        ];
    }

    private static int[] Bits(float* values, int count) => new ReadOnlySpan<int>(values, count).ToArray();

    private static FloatBuffer Buffer(float[] values)
    {
        var buffer = new FloatBuffer(values.Length);
        values.CopyTo(buffer.Span);
        return buffer;
    }
}
