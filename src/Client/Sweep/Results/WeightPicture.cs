using Spectre.Console;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Sweep.Results;

/// <summary>The first layer of a sweep's best model as a picture.</summary>
internal static class WeightPicture
{
    private const int Columns = 8;
    private const int WidthMax = 118;
    private const int TileSize = 112;
    private const int Gap = 6;
    private const byte Background = 235;

    /// <summary>The tiles of a trial's model (safetensors); null where its first layer cannot be drawn.</summary>
    public static WeightTiles? TilesOf(SweepState state, TrialId trial, byte[] model)
    {
        if (SavedModel.Read(model, $"of trial {trial}").FirstWeights is not { } weights)
            return null;
        var (known, planned) = (KnownDataSets.Find(state.Plan.Data), state.Plan.Engines);
        var inputs = weights.Values.Length / weights.Shape[0];
        var point = state.HyperparametersOf(trial.Configuration);
        try
        {
            // The number of outputs changes the last layer only, not the input shape of the first.
            var plan = point.NetworkOn(
                known?.Input ?? planned?.ReadInput() ?? TensorShape.Flat(inputs),
                known?.Outputs ?? OutputsOf(state, trial, weights),
                point.LossOf(state.Plan.Task), state.Plan.Task);
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
                {
                    var color = Picture.Diverging(tiles.Tiles[index][(y / scale * tiles.Width) + (x / scale)]);
                    image.Set(left + x, top + y, (color.R, color.G, color.B));
                }
            }
        }

        return image.ToPng();
    }

    /// <summary>Draws the first tiles side by side, as many as fit.</summary>
    public static void Write(WeightTiles tiles, IAnsiConsole console)
    {
        var width = Math.Min(console.Profile.Width, WidthMax);
        var count = Math.Clamp((width + 1) / (tiles.Width + 1), 1, Math.Min(Columns, tiles.Tiles.Count));
        var hasColors = console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;
        var pixels = new Color?[tiles.Height, (count * (tiles.Width + 1)) - 1];
        for (var tile = 0; tile < count; tile++)
        {
            for (var at = 0; at < tiles.Height * tiles.Width; at++)
            {
                var value = tiles.Tiles[tile][at];
                // Shades have no hue: dark is negative, light is positive.
                var grey = (byte)Math.Round(127.5 * (1 + value));
                pixels[at / tiles.Width, (tile * (tiles.Width + 1)) + (at % tiles.Width)] =
                    hasColors ? Picture.Diverging(value) : new Color(grey, grey, grey);
            }
        }

        Picture.Write(console, pixels);
    }

    private static int OutputsOf(SweepState state, TrialId trial, ModelTensor weights) =>
        state.Plan.Task == TaskKind.Regression ? state.Plan.Content?.Targets?.Count ?? 1
            : state.Plan.Content?.Labels?.Count ?? state.ResultOf(trial)?.Test?.Classes ?? weights.Shape[0];
}
