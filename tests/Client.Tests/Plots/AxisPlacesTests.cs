using ScottPlot.TickGenerators;
using Sweeps.Client.Plots;

namespace Sweeps.Client.Tests.Plots;

/// <summary>Texts beside axes do not touch, however small the picture is.</summary>
public sealed class AxisPlacesTests
{
    private const int Letter = 7;

    public static TheoryData<string, int> Axes()
    {
        var cases = new TheoryData<string, int>();
        foreach (var width in (int[])[60, 200, 400, 1000])
        {
            foreach (var axis in (string[])["names", "values", "logarithmic values", "decades"])
                cases.Add(axis, width);
        }

        return cases;
    }

    /// <summary>Whiskers and texts may go beyond 1; an accuracy does not.</summary>
    [Fact]
    public void Ticks_OfWhatEndsWithOne_NameNothingAbove()
    {
        var places = new AxisPlaces(new("accuracy") { Most = 1 });

        var ticks = Assert.IsType<NumericAutomatic>(
            places.Ticks(0.95, 1.03, new(400, text => Letter * text.Length)));

        Assert.Equal(
            ["0.98", "1", "1", ""], ((double[])[0.98, 1, 0.1 * 3 * 10 / 3, 1.02]).Select(ticks.LabelFormatter));
    }

    [Theory]
    [MemberData(nameof(Axes))]
    public void Ticks_OfAnyWidth_HaveTextsThatDoNotTouch(string kind, int width)
    {
        ChartAxis axis = kind switch
        {
            "names" => new("") { Names = [.. Enumerable.Range(0, 12).Select(n => $"flatten | dense {n * 1000}")] },
            "values" => new("") { Values = [0.001, 0.0012, 0.0013, 0.02, 0.5, 0.51] },
            "logarithmic values" => new("") { Values = [1e-6, 1e-5, 2e-5, 1e-3, 1], IsLogarithmic = true },
            _ => new("") { IsLogarithmic = true },
        };
        var places = new AxisPlaces(axis);
        var (from, to) = places.Range(axis.Values ?? [1e-6, 1]);

        var ticks = places.Chosen(from, to, new(width, text => Letter * text.Length))!;

        var texts = ticks.Where(tick => tick.Label.Length > 0)
            .Select(tick => (At: (tick.Position - from) / (to - from) * width, Half: Letter * tick.Label.Length / 2.0))
            .OrderBy(text => text.At).ToList();
        Assert.NotEmpty(texts);
        foreach (var (left, right) in texts.Zip(texts.Skip(1)))
            Assert.True(left.At + left.Half < right.At - right.Half, $"{left} touches {right}");
        // What has no text still has its tick.
        if (axis.Names is { } names)
            Assert.Equal(names.Count, ticks.Length);
    }
}
