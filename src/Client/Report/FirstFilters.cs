using System.Numerics;
using System.Runtime.CompilerServices;
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
        var count = Math.Min(FiltersMax, layer.Filters);
        var best = convolution.Best(data, count, cancellation);
        var filters = Enumerable.Range(0, count).Select(filter => new FilterPart(
            filter,
            [.. shown.Select(sample => convolution.Picture(convolution.Map(convolution.Padded(data, sample), filter)))],
            convolution.Patches(data, best[filter])));
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

    /// <summary>The sums of a convolution's filters, before its activation.</summary>
    internal sealed class Convolution(
        ConvLayer layer, TensorShape input, TensorShape output, float[] weights, float[]? bias)
    {
        private readonly Window _window = layer.Window;
        private readonly Margins _margins = layer.Window.MarginsFor(input);

        private int Height => _margins.Top + input.Height + _margins.Bottom;

        private int Width => _margins.Left + input.Width + _margins.Right;

        /// <summary>The pixels of a test image with the padding around them.</summary>
        public float[] Padded(DataSet data, int sample)
        {
            var pixels = new float[data.Test.Features];
            data.Test.GatherRange(sample, 1, pixels);
            var padded = new float[input.Channels * Height * Width];
            for (var row = 0; row < input.Channels * input.Height; row++)
            {
                var (channel, y) = Math.DivRem(row, input.Height);
                pixels.AsSpan(row * input.Width, input.Width)
                    .CopyTo(padded.AsSpan((((channel * Height) + _margins.Top + y) * Width) + _margins.Left));
            }

            return padded;
        }

        /// <summary>The sums of one filter at each position, row by row.</summary>
        public float[] Map(float[] padded, int filter)
        {
            var map = new float[output.Height * output.Width];
            Array.Fill(map, bias?[filter] ?? 0);
            var channels = input.Channels / layer.Groups;
            var first = filter / (layer.Filters / layer.Groups) * channels;
            var weight = filter * channels * _window.Height * _window.Width;
            for (var channel = first; channel < first + channels; channel++)
            {
                for (var y = 0; y < _window.Height; y++)
                {
                    for (var x = 0; x < _window.Width; x++, weight++)
                        Add(map, padded, ((channel * Height) + (y * _window.Dilation)) * Width + (x * _window.Dilation),
                            weights[weight]);
                }
            }

            return map;
        }

        /// <summary>The pixel that a weight meets at the first position, and those it meets at the others.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Add(float[] map, float[] padded, int first, float weight)
        {
            var stride = _window.StrideWidth;
            for (var row = 0; row < output.Height; row++)
            {
                var sums = map.AsSpan(row * output.Width, output.Width);
                var pixels = padded.AsSpan(first + (row * _window.StrideHeight * Width));
                var column = 0;
                for (; stride == 1 && column <= sums.Length - Vector<float>.Count; column += Vector<float>.Count)
                {
                    var there = sums[column..];
                    (new Vector<float>(there) + (weight * new Vector<float>(pixels[column..]))).CopyTo(there);
                }

                for (; column < sums.Length; column++)
                    sums[column] += weight * pixels[column * stride];
            }
        }

        /// <summary>Blue: negative, red: positive, scaled by the largest.</summary>
        public string Picture(float[] map)
        {
            var largest = map.Max(Math.Abs);
            return ModelPart.DivergingPng(
                [.. map.Select(sum => largest > 0 ? sum / largest : 0)], output.Width, output.Height);
        }

        /// <summary>Of each filter the places with the largest sums, one an image at most, the best first.</summary>
        public (int Sample, int At)[][] Best(DataSet data, int filters, CancellationToken cancellation)
        {
            var searched = Math.Min(ImagesSearched, data.Test.Count);
            var best = new (int At, float Sum)[filters, searched];
            Parallel.For(0, searched, new() { CancellationToken = cancellation }, sample =>
            {
                var padded = Padded(data, sample);
                for (var filter = 0; filter < filters; filter++)
                {
                    var map = Map(padded, filter);
                    var at = Array.IndexOf(map, map.Max());
                    best[filter, sample] = (at, at < 0 ? float.NegativeInfinity : map[at]);
                }
            });
            return [.. Enumerable.Range(0, filters).Select(filter => Enumerable.Range(0, searched)
                .OrderByDescending(sample => best[filter, sample].Sum)
                .Take(PatchesAcross * PatchesAcross)
                .Select(sample => (sample, best[filter, sample].At)).ToArray())];
        }

        /// <summary>Patches of the test set, in rows.</summary>
        public string Patches(DataSet data, (int Sample, int At)[] places)
        {
            var (height, width) = (_window.Reach(_window.Height), _window.Reach(_window.Width));
            var image = new PngImage(
                (PatchesAcross * (width + 1)) - 1, (PatchesAcross * (height + 1)) - 1, Background);
            foreach (var (place, (sample, at)) in places.Index())
                Copy(
                    new(data.Test.BytesOf(sample), data.InputShape), at, image, place % PatchesAcross * (width + 1),
                    place / PatchesAcross * (height + 1));
            return Convert.ToBase64String(image.ToPng());
        }

        private void Copy(SamplePixels sample, int at, PngImage image, int left, int top)
        {
            var (row, column) = Math.DivRem(at, output.Width);
            (row, column) = (
                (row * _window.StrideHeight) - _margins.Top, (column * _window.StrideWidth) - _margins.Left);
            for (var y = 0; y < _window.Reach(_window.Height); y++)
            {
                for (var x = 0; x < _window.Reach(_window.Width); x++)
                {
                    if (IsInside(row + y, column + x))
                        image.Set(left + x, top + y, sample[row + y, column + x]);
                }
            }
        }

        private bool IsInside(int y, int x) => y >= 0 && y < input.Height && x >= 0 && x < input.Width;
    }
}
