using Sweeps.Client.Terminal;
namespace Sweeps.Client.Tests.Terminal;

public sealed class TextPlotTests
{
    [Fact]
    public void Draw_LearningRates_HaveScientificLabels()
    {
        var plot = new TextPlot("title", "learning rate", "accuracy") { IsLogarithmic = true };
        plot.Add('A', "first", [(3e-4, 0.5), (3e-3, 0.75), (3e-2, 1)]);

        var text = plot.Draw();

        Assert.Matches(@"\n +3e-4 +3e-3 +0\.03\r?\n", text);
        Assert.Equal(3 + 1, text.Count(letter => letter == 'A'));
    }

    [Fact]
    public void Draw_PointsThatCannotBeDrawn_AreLeftOut()
    {
        var plot = new TextPlot("title", "x", "y") { IsLogarithmic = true };
        plot.Add('A', "first", [(0, 1), (-1, 1), (1, double.NaN), (1, double.PositiveInfinity)]);

        Assert.Equal("", plot.Draw());
    }

    [Fact]
    public void Draw_TwoSeries_JoinsTheOneThatIsToBeJoined()
    {
        var plot = new TextPlot("title", "x", "y");
        plot.Add('A', "joined", [(0, 0), (1, 0)], isJoined: true);
        plot.Add('x', "alone", [(0, 1), (1, 1)]);

        var lines = plot.Draw().Split('\n');

        Assert.Equal($"        1 +x{new string(' ', 62)}x", lines[1].TrimEnd());
        Assert.Equal($"        0 +A{new string('.', 62)}A", lines[14].TrimEnd());
    }

    [Fact]
    public void Draw_RisingLine_GoesFromLowerLeftToUpperRight()
    {
        var plot = new TextPlot("title", "x", "y");
        plot.Add('A', "first", [(0, 0), (1, 1)]);

        var lines = plot.Draw().Split('\n');

        Assert.EndsWith("A", lines[1].TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("0 +A", lines[14], StringComparison.Ordinal);
    }
}
