using Sweeps.Core.Log;

namespace Sweeps.Core.Tests.Log;

public sealed class TrialIdTests
{
    [Theory]
    [InlineData("My sweep", "my-sweep", "My sweep")]
    [InlineData("My sweep", "my-sweep-2", "my-sweep-2")]
    [InlineData("tiny", "t", "t")]
    [InlineData("\u00dcbung 1", "ubung-1", "\u00dcbung 1")]
    [InlineData("\u00dcbung 1", "bung-1", "\u00dcbung 1")]
    [InlineData(null, "digits", "digits")]
    public void Title_IdOfItsOwn_GoesByIt(string? name, string id, string title) =>
        Assert.Equal(title, (TestPlans.Plan() with { Name = name, Id = id }).Title());

    [Theory]
    [InlineData("0/0", 0, 0)]
    [InlineData("12/3", 12, 3)]
    [InlineData("7/refit", 7, -1)]
    public void TryParse_WhatToStringWrites_GivesItBack(string text, int configuration, int fold)
    {
        Assert.True(TrialId.TryParse(text, out var trial));
        Assert.Equal(new TrialId(configuration, fold), trial);
        Assert.Equal(text, trial.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("1/")]
    [InlineData("/1")]
    [InlineData("1/-1")]
    [InlineData("1/2/3")]
    [InlineData("a/b")]
    [InlineData("99999999999/1")]
    public void TryParse_AnythingElse_IsFalse(string? text) => Assert.False(TrialId.TryParse(text, out _));

    [Fact]
    public void CompareTo_SortsByConfigurationThenFold()
    {
        TrialId[] sorted = [TrialId.Refit(0), new(0, 0), new(0, 1), new(1, 0)];
        Assert.Equal(sorted, sorted.Reverse().Order());
    }
}
