using Sweeps.Client.Terminal;
namespace Sweeps.Client.Tests.Terminal;

public sealed class PictureTests
{
    [Fact]
    public void Draw_Letters_ShadesTheMeanOfTwoRows() =>
        Assert.Equal(["@ =", "=  "], DataPicture.Draw([255, 0, 255, 255, 0, 0, 255, 0, 0], 1, 3, 3, DataColors.None));

    [Fact]
    public void Draw_TrueColor_PutsTwoPixelsIntoOneCharacter()
    {
        // One pixel above the other: (1, 2, 3) and (4, 5, 6), channels first.
        var line = Assert.Single(DataPicture.Draw([1, 4, 2, 5, 3, 6], 3, 2, 1, DataColors.True));
        Assert.Equal("\u001b[38;2;1;2;3;48;2;4;5;6m\u2580\u001b[0m", line);
    }

    [Fact]
    public void Draw_SameColorsInARow_AreNamedOnce()
    {
        var line = Assert.Single(DataPicture.Draw(new byte[8], 1, 2, 4, DataColors.True));
        Assert.Equal("\u001b[38;2;0;0;0;48;2;0;0;0m\u2580\u2580\u2580\u2580\u001b[0m", line);
    }

    /// <summary>xterm's table: 16 black, 231 white, 232 + n a grey of 8 + 10 n, 196 pure red, 21 pure blue.</summary>
    [Theory]
    [InlineData(0, 0, 0, 16)]
    [InlineData(255, 255, 255, 231)]
    [InlineData(128, 128, 128, 244)]
    [InlineData(8, 8, 8, 232)]
    [InlineData(238, 238, 238, 255)]
    [InlineData(255, 0, 0, 196)]
    [InlineData(0, 0, 255, 21)]
    public void Draw_Indexed_TakesTheNearestOfXtermsColors(byte red, byte green, byte blue, int index)
    {
        var line = Assert.Single(DataPicture.Draw([red, red, green, green, blue, blue], 3, 2, 1, DataColors.Indexed));
        Assert.Equal($"\u001b[38;5;{index};48;5;{index}m\u2580\u001b[0m", line);
    }
}
