using Spectre.Console;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Tests.Terminal;

public sealed class PictureTests
{
    [Fact]
    public void Write_NoColors_ShadesTheMeanOfTwoRows() =>
        Assert.Equal("@ =\n=\n", Draw(ColorSystemSupport.NoColors, [255, 0, 255, 255, 0, 0, 255, 0, 0], [1, 3, 3]));

    [Fact]
    public void Write_Colors_PutsTwoPixelsIntoOneCharacter() =>
        // One pixel above the other: (1, 2, 3) and (4, 5, 6), channels first.
        Assert.Equal(
            "\u001b[38;2;1;2;3;48;2;4;5;6m\u2580\u001b[0m\n",
            Draw(ColorSystemSupport.TrueColor, [1, 4, 2, 5, 3, 6], [3, 2, 1]));

    [Theory]
    [InlineData(0, 255, 255, 255)]
    [InlineData(-1, 33, 102, 172)]
    [InlineData(1, 178, 24, 43)]
    [InlineData(2, 178, 24, 43)]
    public void Diverging_EndsAndMiddle_AreThoseOfRdBu(float value, byte red, byte green, byte blue) =>
        Assert.Equal(new Color(red, green, blue), Picture.Diverging(value));

    private static string Draw(ColorSystemSupport colors, byte[] image, int[] shape)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = colors == ColorSystemSupport.NoColors ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = colors,
        });
        var pixels = new Color?[shape[1], shape[2]];
        Picture.Place(image, shape, pixels, left: 0);
        Picture.Write(console, pixels);
        return output.ToString();
    }
}
