using System.Globalization;
using ScottPlot.TickGenerators;
using Sweeps.Client.Plots;

namespace Sweeps.Client.Tests.Plots;

/// <summary>Where an axis names numbers.</summary>
public sealed class AxisPlacesTests
{
    [Theory]
    [InlineData("0.001 0.002 0.003", "0.001 0.002 0.003")]
    // A ninth of the axis is enough for short numbers, and for these not: one would begin in the other.
    [InlineData("0.0010627 0.0012693 0.0014263 0.0023274", "0.0010627 0.0012693 0.0023274")]
    public void Ticks_ValuesNearEachOther_AreNamedWhereThereIsRoom(string values, string expected)
    {
        var tried = values.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToList();
        var places = new AxisPlaces(new("learning rate") { Values = tried });
        var (from, to) = places.Range(tried);

        var ticks = Assert.IsType<NumericManual>(places.Ticks(from, to)).Ticks;

        Assert.Equal(tried.Count, ticks.Length);
        Assert.Equal(expected, string.Join(' ', ticks.Select(tick => tick.Label).Where(label => label.Length > 0)));
    }
}
