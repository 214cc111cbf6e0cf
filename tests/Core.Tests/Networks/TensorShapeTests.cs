using Sweeps.Core.Networks;

namespace Sweeps.Core.Tests.Networks;

public sealed class TensorShapeTests
{
    [Fact]
    public void Parse_ThreeForms_AreVectorGreyAndColour()
    {
        Assert.Equal(TensorShape.Flat(784), TensorShape.Parse("784"));
        Assert.Equal(TensorShape.Image(1, 28, 20), TensorShape.Parse("28x20"));
        Assert.Equal(TensorShape.Image(3, 32, 30), TensorShape.Parse("32X30x3"));
        Assert.Equal("32x30x3", TensorShape.Image(3, 32, 30).ToString());
        Assert.Equal(2880, TensorShape.Image(3, 32, 30).Size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0x3")]
    [InlineData("1x2x3x4")]
    [InlineData("-5")]
    [InlineData("1000001")]
    [InlineData("28 by 28")]
    public void Parse_NotAShape_SaysHowToWriteOne(string text)
    {
        var error = Assert.Throws<SweepsException>(() => TensorShape.Parse(text));

        Assert.Contains("28x28 (grey)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooManyValues_IsRefused() =>
        Assert.Throws<SweepsException>(() => TensorShape.Parse("1000000x1000000x1000000"));

    [Fact]
    public void Image_SizeOutOfRange_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorShape.Image(0, 1, 1));
}
