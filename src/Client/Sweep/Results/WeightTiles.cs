using Sweeps.Core.Networks;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Sweep.Results;

/// <summary>The first layer's weights as pictures: one tile for each unit, in the shape of the unit's input.</summary>
internal sealed class WeightTiles
{
    /// <summary>The most tiles drawn.</summary>
    public const int CountMax = 64;

    private WeightTiles(int height, int width, IReadOnlyList<float[]> tiles) =>
        (Height, Width, Tiles) = (height, width, tiles);

    /// <summary>Rows of a tile.</summary>
    public int Height { get; }

    /// <summary>Columns of a tile.</summary>
    public int Width { get; }

    /// <summary>
    /// The tiles, row-major, each scaled to [-1, 1] by its largest weight; 0 stays 0. Channels are added.
    /// </summary>
    public IReadOnlyList<float[]> Tiles { get; }

    /// <summary>Cuts a weight tensor into tiles.</summary>
    /// <param name="weights">[out, in], or [out, in, height, width].</param>
    /// <param name="plan">The network on its data, for the shape of a dense layer's inputs.</param>
    public static WeightTiles Of(ModelTensor weights, NetworkShape plan)
    {
        var units = weights.Shape[0];
        var size = weights.Values.Length / units;
        var (height, width) = weights.Shape.Count == 4
            ? (weights.Shape[2], weights.Shape[3])
            : ShapeOf(plan, size);
        var tiles = Enumerable.Range(0, Math.Min(units, CountMax))
            .Select(unit => Tile(weights.Values.AsSpan(unit * size, size), height * width));
        return new(height, width, [.. tiles]);
    }

    // A dense layer's input is the last image before it, flattened.
    private static (int Height, int Width) ShapeOf(NetworkShape plan, int size)
    {
        var seen = plan.Input;
        foreach (var layer in plan.Layers.TakeWhile(layer => layer.Weights == 0))
            seen = layer.Output.IsFlat ? seen : layer.Output;
        return !seen.IsFlat && seen.Size == size ? (seen.Height, seen.Width) : (1, size);
    }

    private static float[] Tile(ReadOnlySpan<float> values, int pixels)
    {
        var tile = new float[pixels];
        for (var index = 0; index < values.Length; index++)
            tile[index % pixels] += values[index];
        var largest = tile.Max(Math.Abs);
        for (var pixel = 0; largest > 0 && pixel < pixels; pixel++)
            tile[pixel] /= largest;
        return tile;
    }
}
