using Sweeps.Core.Searchers;

namespace Sweeps.Core.Tests.Searchers;

public class BoundedAscentTests
{
    /// <summary>Inside, the highest point of an uncoupled bowl is its centre; outside, the nearest point of the bounds.
    /// </summary>
    [Fact]
    public void Run_BowlsOfDifferentWidths_FindsTheNearestPointInside()
    {
        double[] centre = [0.3, 2, -1, 0.7], widths = [1, 0.01, 30, 4];
        var ascent = new BoundedAscent([(0, 1), (0, 1), (0, 1), (0, 1)], (at, slopes) =>
        {
            Assert.All(at, x => Assert.InRange(x, 0, 1));
            for (var i = 0; i < 4; i++)
                slopes[i] = -2 * (at[i] - centre[i]) / widths[i];
            return -at.Select((x, i) => (x - centre[i]) * (x - centre[i]) / widths[i]).Sum();
        });

        var (point, value) = ascent.Run([0.5, 0.5, 0.5, 0.5], 100);

        Assert.Equal([0.3, 1, 0, 0.7], point.Select(x => Math.Round(x, 2)));
        Assert.Equal(-(100 + 1 / 30.0), value, 2);
    }

    /// <summary>Rosenbrock's valley is curved: along the slopes alone it takes thousands of steps.</summary>
    [Fact]
    public void Run_CurvedValley_FindsItsEnd()
    {
        var asked = 0;
        var ascent = new BoundedAscent([(-5, 10), (-5, 10)], (at, slopes) =>
        {
            asked++;
            var bend = at[1] - at[0] * at[0];
            (slopes[0], slopes[1]) = (400 * at[0] * bend + 2 * (1 - at[0]), -200 * bend);
            return -100 * bend * bend - (1 - at[0]) * (1 - at[0]);
        });

        var (_, value) = ascent.Run([-1.2, 1], 150);

        Assert.InRange(value, -1e-4, 0);
        Assert.InRange(asked, 1, 150);
    }

    [Fact]
    public void Run_FlatFunction_StaysWhereItBegan()
    {
        var ascent = new BoundedAscent([(0, 1)], (_, slopes) => slopes[0] = 0);

        Assert.Equal([0.25], ascent.Run([0.25], 10).Point);
    }
}
