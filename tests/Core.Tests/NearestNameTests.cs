namespace Sweeps.Core.Tests;

public sealed class NearestNameTests
{
    private static readonly string[] s_known = ["relu", "leaky_relu", "max_pool", "avg_pool", "dense", "learning_rate"];

    [Theory]
    [InlineData("rleu", "relu")]
    [InlineData("Relu", "relu")]
    [InlineData("leaky-relu", "leaky_relu")]
    [InlineData("pool", "max_pool")]
    [InlineData("dence", "dense")]
    [InlineData("learningrate", "learning_rate")]
    [InlineData("learn_rate", "learning_rate")]
    public void Find_TypingError_GivesTheNameMeant(string word, string expected) =>
        Assert.Equal(expected, NearestName.Find(word, s_known));

    [Theory]
    [InlineData("")]
    [InlineData("zzz")]
    [InlineData("transformer")]
    public void Find_NothingNear_GivesNull(string word) => Assert.Null(NearestName.Find(word, s_known));

    [Fact]
    public void Find_VeryLongWord_GivesNullAtOnce() =>
        Assert.Null(NearestName.Find(new string('a', 1_000_000), s_known));

    [Fact]
    public void Suggest_NothingNear_ListsWhatIsKnown() =>
        Assert.Equal("; known: relu, leaky_relu and 4 more", NearestName.Suggest("zzz", s_known, 2));
}
