using Sweeps.Client.Terminal;

namespace Sweeps.Client.Tests.Terminal;

public sealed class FiguresTests
{
    /// <summary>JavaScript's toPrecision(5) gives these, by which the page shows them: 0.00494715 lies a little below
    /// what is written, and 1.03125 is half way.</summary>
    [Theory]
    [InlineData(0.00494715, "0.0049471")]
    [InlineData(1.03125, "1.0313")]
    [InlineData(0.1778279410038923, "0.17783")]
    [InlineData(0.00024947151, "0.00024947")]
    [InlineData(123.456789, "123.46")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.000012345678, "1.2346e-5")]
    [InlineData(131072.5, "1.3107e5")]
    [InlineData(0, "0")]
    [InlineData(-2.5, "-2.5")]
    public void Parameter_OfAnySize_HasFiveDigitsOfTheNumberItself(double value, string expected) =>
        Assert.Equal(expected, Figures.Parameter(value));
}
