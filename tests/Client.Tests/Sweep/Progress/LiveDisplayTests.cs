using Sweeps.Client.Sweep.Progress;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Tests.Sweep.Progress;

public sealed class LiveDisplayTests
{
    [Fact]
    public void Begin_LongLine_IsCutToTheTerminal()
    {
        using var terminal = new StringWriter();
        using var display = new LiveDisplay(terminal);

        display.Begin(new string('x', 5000));

        Assert.InRange(terminal.ToString().Count(letter => letter == 'x'), 1, 4999);
    }

    /// <summary>On a narrow terminal the last parts of the line are missing, and none of them half.</summary>
    [Fact]
    public void Overall_OfAnyWidth_HasWholePartsThatFit()
    {
        var text = new ProgressText(new()
        {
            Id = "digits",
            Specification = "{}",
            Seed = 1,
            Data = "digits",
            Task = TaskKind.Classification,
            Folds = 2,
            Metric = SweepMetric.DefaultOf(TaskKind.Classification),
            Configurations = 2,
        });
        var progress = new SweepProgress
        {
            Status = SweepStatus.Running,
            Planned = 37,
            Done = 12,
            Ended = 12,
            Completed = 11,
            Diverged = 0,
            Failed = 1,
            Retries = 3,
            Running = [],
        };
        var whole = text.Overall(progress, []).Split("   ");
        Assert.Equal(["1 failed", "3 retried"], whole[^2..]);

        for (var columns = 10; columns < 120; columns++)
        {
            var line = text.Overall(progress, [], columns);
            var parts = line.Split("   ");
            Assert.Equal(whole[..parts.Length], parts);
            Assert.True(line.Length <= columns || parts.Length == 1, line);
            Assert.True(parts.Length == whole.Length || $"{line}   {whole[parts.Length]}".Length > columns, line);
        }
    }

    [Theory]
    [InlineData("best so far  accuracy", 100, "best so far  accuracy")]
    [InlineData("best so far  accuracy", 21, "best so far  accuracy")]
    [InlineData("best so far  accuracy", 20, "best so far")]
    [InlineData("best so far  accuracy", 11, "best so far")]
    [InlineData("accuracy", 3, "acc")]
    public void Fit_LongLine_EndsAfterAWholeWord(string line, int columns, string expected) =>
        Assert.Equal(expected, ProgressText.Fit(line, columns));

    [Fact]
    public void Note_AfterAFrame_DrawsOverItFromTheLinesStart()
    {
        using var terminal = new StringWriter();
        using var display = new LiveDisplay(terminal);
        display.Begin("loading");
        var before = terminal.ToString().Length;

        display.Note("stopping");

        // Back to the first column (a Ctrl-C may have been echoed), up one line, and all below it erased.
        Assert.Equal("\r\u001b[1A\u001b[Jstopping" + Environment.NewLine, terminal.ToString()[before..]);
    }

    [Fact]
    public void Dispose_NothingDrawn_WritesNothing()
    {
        using var terminal = new StringWriter();

        new LiveDisplay(terminal).Dispose();

        Assert.Equal("", terminal.ToString());
    }
}
