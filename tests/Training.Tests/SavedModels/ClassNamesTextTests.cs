using Sweeps.Training.SavedModels;

namespace Sweeps.Training.Tests.SavedModels;

public sealed class ClassNamesTextTests
{
    public static TheoryData<string[]> Names =>
    [
        ["no", "yes"], ["a,b", "c"], ["say \"hi\"", "line\nbreak"], ["größe", "日本", "𝛼"], [" ", "[x]"], ["-1", "10"],
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_WhatWasWritten_IsEqual(string[] names) =>
        Assert.Equal(names, ClassNamesText.Read(ClassNamesText.Write(names)));

    /// <summary>Any JSON reader takes it, and letters stay readable.</summary>
    [Fact]
    public void Write_Names_IsAJsonArray() =>
        Assert.Equal("""["a,b","größe"]""", ClassNamesText.Write(["a,b", "größe"]));

    [Theory]
    [InlineData("0,1,2", new[] { "0", "1", "2" })]
    [InlineData("[old,new", new[] { "[old", "new" })]
    [InlineData("one", new[] { "one" })]
    public void Read_CommasOfEarlierVersions_IsUnderstood(string text, string[] names) =>
        Assert.Equal(names, ClassNamesText.Read(text));
}
