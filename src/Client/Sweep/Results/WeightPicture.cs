using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep.Results;

/// <summary>The first layer of a sweep's best model as a picture.</summary>
internal static class WeightPicture
{
    private const int Columns = 8;
    private const int TileSize = 112;
    private const int Gap = 6;
    private const byte Background = 235;

    /// <summary>The tiles of a trial's model; null where its first layer cannot be drawn.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="trial">The trial whose model it is.</param>
    /// <param name="model">The model, as safetensors.</param>
    public static WeightTiles? TilesOf(SweepState state, TrialId trial, byte[] model)
    {
        if (ModelTensor.FirstWeights(model) is not { } weights)
            return null;
        var known = KnownDataSets.Find(state.Plan.Data);
        var inputs = weights.Values.Length / weights.Shape[0];
        var loss = state.Plan.Task == TaskKind.Classification ? LossKind.CrossEntropy : LossKind.MeanSquaredError;
        var point = state.HyperparametersOf(trial.Configuration);
        try
        {
            // The outputs of another data set change the last layer only, not what the first one sees.
            var plan = point.NetworkOn(
                known?.Input ?? TensorShape.Flat(inputs), known?.Outputs ?? OutputsOf(state, trial, weights),
                point.Loss ?? loss);
            return WeightTiles.Of(weights, plan);
        }
        catch (SweepsException)
        {
            return null;
        }
    }

    /// <summary>All tiles in a grid, each enlarged to about a hundred pixels.</summary>
    public static byte[] ToPng(WeightTiles tiles)
    {
        var scale = Math.Max(1, TileSize / Math.Max(tiles.Height, tiles.Width));
        var (width, height) = (tiles.Width * scale, tiles.Height * scale);
        var columns = Math.Min(Columns, tiles.Tiles.Count);
        var rows = (tiles.Tiles.Count + columns - 1) / columns;
        var image = new PngImage((columns * (width + Gap)) + Gap, (rows * (height + Gap)) + Gap, Background);
        for (var index = 0; index < tiles.Tiles.Count; index++)
        {
            var (left, top) = (Gap + (index % columns * (width + Gap)), Gap + (index / columns * (height + Gap)));
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                    image.Set(left + x, top + y, Color(tiles, index, x / scale, y / scale));
            }
        }

        return image.ToPng();
    }

    /// <summary>The first tiles side by side, as many as fit.</summary>
    public static IReadOnlyList<string> Draw(WeightTiles tiles, int width, DataColors colors)
    {
        var count = Math.Clamp((width + 1) / (tiles.Width + 1), 1, Math.Min(Columns, tiles.Tiles.Count));
        var columns = (count * (tiles.Width + 1)) - 1;
        var planes = new byte[3 * tiles.Height * columns];
        for (var y = 0; y < tiles.Height; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                var (tile, at) = (x / (tiles.Width + 1), x % (tiles.Width + 1));
                if (at == tiles.Width)
                    continue;
                var color = Color(tiles, tile, at, y);
                // Shades of letters have no hue: dark is negative, light is positive.
                var grey = (byte)Math.Round(127.5 * (1 + tiles.Tiles[tile][(y * tiles.Width) + at]));
                var (red, green, blue) = colors == DataColors.None ? (grey, grey, grey) : color;
                var pixel = (y * columns) + x;
                (planes[pixel], planes[pixel + (planes.Length / 3)], planes[pixel + (2 * planes.Length / 3)]) =
                    (red, green, blue);
            }
        }

        return DataPicture.Draw(planes, 3, tiles.Height, columns, colors);
    }

    private static (byte Red, byte Green, byte Blue) Color(WeightTiles tiles, int tile, int x, int y) =>
        DivergingColor.Of(tiles.Tiles[tile][(y * tiles.Width) + x]);

    private static int OutputsOf(SweepState state, TrialId trial, ModelTensor weights) =>
        state.Plan.Task == TaskKind.Regression
            ? 1
            : state.ResultOf(trial)?.Test?.Classes ?? weights.Shape[0];
}
