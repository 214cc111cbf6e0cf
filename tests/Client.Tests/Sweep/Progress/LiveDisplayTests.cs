using Sweeps.Client.Sweep.Progress;
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
