using System.Diagnostics;
using System.Text;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.Tests.SweepFile;

public class LimitTests
{
    [Fact]
    public void Read_AliasBomb_IsRefusedAtOnce()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
            text.AppendLine($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]");
        var watch = Stopwatch.StartNew();

        var errors = Reading.Errors(text.ToString());

        Assert.Contains(
            "more than 100000 values with its aliases written out", Assert.Single(errors), StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("data: ", "[", "]")]
    [InlineData("data: ", "{a: ", "}")]
    [InlineData("", "{\"a\":", "}")]
    public void Read_DeepNesting_IsRefused(string head, string open, string close)
    {
        var text = head + string.Concat(Enumerable.Repeat(open, 40)) + "1"
            + string.Concat(Enumerable.Repeat(close, 40));

        Assert.Contains("nested more than 32 deep", Assert.Single(Reading.Errors(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HugeFile_IsRefusedUnread()
    {
        var error = Assert.Single(Reading.Errors(new string('#', SourceLimits.Characters + 1)));

        Assert.Equal("sweep.yaml:1:1: the file has 1048577 characters; allowed: at most 1048576", error);
    }

    [Fact]
    public void Read_ThousandsOfErrors_TellsTheFirstHundred()
    {
        var text = Reading.Head + string.Concat(Enumerable.Range(0, 5_000).Select(i => $"x{i}: 1\n"));

        var errors = Reading.Errors(text);

        Assert.Equal(SourceLimits.Problems, errors.Length);
        Assert.StartsWith("sweep.yaml:3:1: x0: 'x0' is not a key of a sweep", errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Aliases_AreUsedAsWritten()
    {
        var specification = Reading.Valid("""
            data: mnist
            architectures: [linear, mlp-5]
            parameters:
              weight_decay: &small {values: [0.001, 0.01]}
              learning_rate: *small
            """);

        Assert.Equal(
            specification.Parameters[1].Branches[0].Domain.Enumerate(
                5), specification.Parameters[2].Branches[0].Domain.Enumerate(5));
    }
}
