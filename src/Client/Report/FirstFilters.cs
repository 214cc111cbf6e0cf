using Sweeps.Client.Terminal;
using Sweeps.Core.Networks;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Report;

/// <summary>
/// What the filters of a first convolution see: their maps of some test images, and the patches of the test set to
/// which each answers most (as Zeiler and Fergus, ECCV 2014, show them). Worked out from weights and images directly;
/// the numbers are the sums before the layer's activation.
/// </summary>
internal static class FirstFilters
{
    private const int FiltersMax = 32;
    private const int ImagesSearched = 500;
    private const int ImagesShown = 4;
    private const int PatchesAcross = 3;
    private const byte Background = 235;

    /// <summary>A filter: its maps of the shown images and its best patches, as PNG in base 64.</summary>
    public sealed record FilterPart(int Filter, IReadOnlyList<string> Maps, string Patches);

    /// <summary>The images that the maps are of, and the filters; empty: the first layer is no convolution.</summary>
    public sealed record FiltersPart(IReadOnlyList<ModelPart.Captioned> Images, IReadOnlyList<FilterPart> Filters);

    public static FiltersPart Of(
        SavedModel model, NetworkShape shape, DataSet data, CancellationToken cancellation)
    {
        if (shape.Layers[0].Layer is not ConvLayer layer || !data.Test.IsBytes || model.FirstWeights is not { } weights)
            return new([], []);
        var convolution = new Convolution(
            layer, shape.Input, shape.Layers[0].Output, weights.Values, BiasOf(model, layer));
        var shown = Shown(data);
        var filters = ParallelEnumerable.Range(0, Math.Min(FiltersMax, layer.Filters)).AsOrdered()
            .WithCancellation(cancellation).Select(filter => new FilterPart(
            filter,
            [.. shown.Select(sample => convolution.Picture(convolution.Map(Pixels(data, sample), filter)))],
            convolution.Patches(data, filter, cancellation)));
        return new(
            [.. shown.Select(sample => new ModelPart.Captioned(
                ModelPart.SamplePng(data.Test.BytesOf(sample), data.InputShape),
                $"test {sample}{(model.Classes.Count > 0 ? $": {model.Classes[data.Test.Labels[sample]]}" : "")}"))],
            [.. filters]);
    }

    private static float[]? BiasOf(SavedModel model, ConvLayer layer) => layer.Bias
        ? model.Tensors.First(tensor => tensor.Shape.Count == 1).Values
        : null;

    // The first test image of each of the first classes.
    private static List<int> Shown(DataSet data)
    {
        var labels = data.Test.Labels.ToArray();
        return labels.Length == 0
            ? [.. Enumerable.Range(0, Math.Min(ImagesShown, data.Test.Count))]
            : [.. labels.Index().DistinctBy(pair => pair.Item).OrderBy(pair => pair.Item).Take(ImagesShown)
                .Select(pair => pair.Index)];
    }

    private static float[] Pixels(DataSet data, int sample)
    {
        var pixels = new float[data.Test.Features];
        data.Test.GatherRange(sample, 1, pixels);
        return pixels;
    }

    private sealed class Convolution(
        ConvLayer layer, TensorShape input, TensorShape output, float[] weights, float[]? bias)
    {
        private readonly Margins _margins = layer.Window.MarginsFor(input);

        /// <summary>The sums of one filter at each position, row by row.</summary>
        public float[] Map(float[] pixels, int filter)
        {
            var map = new float[output.Height * output.Width];
            for (var at = 0; at < map.Length; at++)
                map[at] = At(pixels, filter, at / output.Width, at % output.Width);
            return map;
        }

        /// <summary>Blue: negative, red: positive, scaled by the largest.</summary>
        public string Picture(float[] map)
        {
            var largest = map.Max(Math.Abs);
            return ModelPart.DivergingPng(
                [.. map.Select(sum => largest > 0 ? sum / largest : 0)], output.Width, output.Height);
        }

        /// <summary>The patches with the largest sums, one an image at most, the best first, in rows.</summary>
        public string Patches(DataSet data, int filter, CancellationToken cancellation)
        {
            var best = Enumerable.Range(0, Math.Min(ImagesSearched, data.Test.Count))
                .Select(sample =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    var map = Map(Pixels(data, sample), filter);
                    var at = Array.IndexOf(map, map.Max());
                    return (Sample: sample, At: at, Sum: at < 0 ? float.NegativeInfinity : map[at]);
                })
                .OrderByDescending(place => place.Sum)
                .Take(PatchesAcross * PatchesAcross)
                .ToList();
            var (height, width) = (layer.Window.Height, layer.Window.Width);
            var image = new PngImage(
                (PatchesAcross * (width + 1)) - 1, (PatchesAcross * (height + 1)) - 1, Background);
            foreach (var (place, (sample, at, _)) in best.Index())
                Copy(
                    new(data.Test.BytesOf(sample), data.InputShape), at, image, place % PatchesAcross * (width + 1),
                    place / PatchesAcross * (height + 1));
            return Convert.ToBase64String(image.ToPng());
        }

        private float At(float[] pixels, int filter, int row, int column)
        {
            var sum = bias?[filter] ?? 0;
            var weight = filter * input.Channels * layer.Window.Height * layer.Window.Width;
            for (var channel = 0; channel < input.Channels; channel++)
            {
                for (var y = Top(row); y < Top(row) + layer.Window.Height; y++)
                {
                    for (var x = Left(column); x < Left(column) + layer.Window.Width; x++, weight++)
                    {
                        if (IsInside(y, x))
                            sum += weights[weight] * pixels[(((channel * input.Height) + y) * input.Width) + x];
                    }
                }
            }

            return sum;
        }

        private void Copy(SamplePixels sample, int at, PngImage image, int left, int top)
        {
            var (row, column) = (Top(at / output.Width), Left(at % output.Width));
            for (var y = 0; y < layer.Window.Height; y++)
            {
                for (var x = 0; x < layer.Window.Width; x++)
                {
                    if (IsInside(row + y, column + x))
                        image.Set(left + x, top + y, sample[row + y, column + x]);
                }
            }
        }

        private int Top(int row) => (row * layer.Window.StrideHeight) - _margins.Top;

        private int Left(int column) => (column * layer.Window.StrideWidth) - _margins.Left;

        private bool IsInside(int y, int x) => y >= 0 && y < input.Height && x >= 0 && x < input.Width;
    }
}
