using System.Text.Json;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Sweeps.Core;
using Sweeps.Silo.Logging;

namespace Sweeps.Silo.Tests.Logging;

/// <summary>One line for one thing, and no stack of what is expected.</summary>
public sealed class GatheringTests
{
    private const string Library = "Orleans.Runtime.MembershipService.SiloHealthMonitor";

    [Fact]
    public void Repeats_OfALibrary_AreOneLineAndACount()
    {
        var lines = Written(log =>
        {
            for (var probe = 1; probe <= 40; probe++)
                log.ForContext(Constants.SourceContextPropertyName, Library).Warning("Probe {Number} failed", probe);
        });

        Assert.Equal(2, lines.Count);
        Assert.Equal("Probe 1 failed", lines[0].RenderMessage());
        Assert.StartsWith("Probe 40 failed (39 more times in", lines[1].RenderMessage());
    }

    [Fact]
    public void Lines_OfOurs_WithOtherValues_AreEachWritten()
    {
        var lines = Written(log =>
        {
            foreach (var sweep in (string[])["one", "two", "one"])
            {
                log.ForContext(Constants.SourceContextPropertyName, "Sweeps.Silo.Workers.Worker")
                    .Warning("Sweep {Sweep} does not take this silo", sweep);
            }
        });

        Assert.Equal(3, lines.Count);
        Assert.EndsWith("(1 more times in 0 s, of which this is the last)", lines[2].RenderMessage());
    }

    [Fact]
    public void Expected_Errors_HaveWordsAndNoStack_AndOthersKeepTheirs()
    {
        var late = new TimeoutException(
            "Response did not arrive on time in 00:00:30 for message: Request [S127.0.0.1:4:5 sys.client/1]->[x].");
        var lost = Thrown(() => throw new Orleans.Runtime.OrleansException(
            "Exception while sending message: Orleans.Runtime.Messaging.ConnectionFailedException: Unable to connect "
                + "to S10.0.0.7:42153:154960424, will retry after 259.8097ms\n   at Orleans.Runtime.Messaging"));
        var bug = Thrown(() => throw new InvalidOperationException("a bug"));
        var lines = Written(log =>
        {
            log.Warning(late, "Sweep {Sweep} does not answer", "mine {0}");
            log.Warning(lost, "Sweep {Sweep} does not answer.", "mine");
            log.Error(bug, "It broke");
            log.Warning("Failure: {What}", "first\n   at a stack");
        });

        Assert.Equal("Sweep \"mine {0}\" does not answer: no answer within 30 s", lines[0].RenderMessage());
        Assert.Equal(
            "Sweep \"mine\" does not answer: the silo at 10.0.0.7:42153 cannot be reached", lines[1].RenderMessage());
        Assert.All(lines.Take(2), line => Assert.Null(line.Exception));
        Assert.Same(bug, lines[2].Exception);
        Assert.Equal("Failure: \"first\"", lines[3].RenderMessage());
    }

    [Fact]
    public void Trouble_OfTheStore_IsItsMessage() => Assert.Equal(
        "the disk is full",
        Trouble.Of(new AggregateException(new SweepsException(ErrorKind.Store, "the disk is full"))));

    [Fact]
    public void Json_IsOneObjectALine()
    {
        var lines = Written(log => log.ForContext("SiloName", "w1").ForContext("Attempt", 3)
            .Error(Thrown(() => throw new InvalidOperationException("a \"bug\"")), "It\nbroke"));
        using var output = new StringWriter();
        new JsonLines().Format(Assert.Single(lines), output);

        var text = Assert.Single(output.ToString().TrimEnd('\n').Split('\n'));
        var json = JsonDocument.Parse(text).RootElement;
        Assert.Equal(
            ("error", "It\nbroke", "w1", "3"),
            (Value("level"), Value("message"), Value("silo"), Value("attempt")));
        Assert.Contains("a \"bug\"", Value("error"), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, json.GetProperty("time").GetDateTimeOffset().Offset);

        string Value(string name) => json.GetProperty(name).GetString()!;
    }

    private static List<LogEvent> Written(Action<ILogger> log)
    {
        var kept = new Kept();
        var output = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(kept).CreateLogger();
        using (var logger = new LoggerConfiguration().MinimumLevel.Verbose()
            .WriteTo.Sink(new Gathering(output, TimeProvider.System)).CreateLogger())
        {
            log(logger);
        }

        return kept.Lines;
    }

    private static Exception Thrown(Action action) => Record.Exception(action)!;

    private sealed class Kept : ILogEventSink
    {
        public List<LogEvent> Lines { get; } = [];

        public void Emit(LogEvent logEvent) => Lines.Add(logEvent);
    }
}
