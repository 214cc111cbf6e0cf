using Sweeps.Core.Log;

namespace Sweeps.Core.Tests.Log;

/// <summary>Names of every script as ids; the letters are written as their code points.</summary>
public sealed class SweepIdTests
{
    [Theory]
    [InlineData("My sweep!", "my-sweep")]
    [InlineData("\u00dcbung 1", "ubung-1")]
    [InlineData("U\u0308bung 1", "ubung-1")]
    [InlineData("Gro\u00dfe \u00d8vels\u00e6", "grosse-ovelsae")]
    [InlineData("\u0141\u00f3d\u017a", "lodz")]
    [InlineData("b\u00e0i t\u1eadp \u0111\u1ea7u", "bai-tap-dau")]
    public void Of_LatinLetters_LoseTheirAccentsAlone(string name, string id)
    {
        Assert.Equal(new(id, HasAll: true), SweepId.Of(name));
        Assert.Null(SweepId.Of(name).Note(name, isAsked: false));
    }

    [Theory]
    [InlineData("\u6f14\u7fd2 1", "1")]
    [InlineData("lab \u0434\u0432\u0430", "lab")]
    [InlineData("\ud835\udc00 b", "b")]
    public void Of_LettersOfAnotherScript_AreLeftOutWithANote(string name, string id)
    {
        Assert.Equal(new(id, HasAll: false), SweepId.Of(name));
        Assert.Contains($"id is {id}:", SweepId.Of(name).Note(name, isAsked: false));
        Assert.Contains("--name ID", SweepId.Of(name).Note(name, isAsked: false));
    }

    [Fact]
    public void Of_NothingLeft_SaysHowToChoose() => Assert.Contains(
        "--name ID", Assert.Throws<SweepsException>(() => SweepId.Of("\u6f14\u7fd2")).Message);

    [Fact]
    public void Of_LongName_IsCut() => Assert.Equal(60, SweepId.Of(new string('\u00e6', 40)).Text.Length);
}
