using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace Sweeps.Silo.Logging;

/// <summary>
/// One line for one thing: of warnings and errors that repeat each other, the first is written and the others are
/// counted, in windows that grow from 10 s to 10 minutes; and what is expected (<see cref="Trouble"/>) has words and no
/// stack. Two lines of a library are the same that come from one place with one text, whatever its values; of ours,
/// whose values are names of sweeps and silos, those with equal values.
/// </summary>
internal sealed class Gathering : ILogEventSink, IDisposable
{
    private const int PlacesMost = 1000;
    private static readonly TimeSpan WindowFirst = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WindowMost = TimeSpan.FromMinutes(10);
    private static readonly MessageTemplateParser Parser = new();

    private readonly Logger _output;
    private readonly TimeProvider _time;
    private readonly Dictionary<(string Source, string Text, Type? Error), Window> _windows = [];
    private readonly Lock _gate = new();
    private readonly ITimer _timer;

    /// <param name="output">Where the lines go; is disposed with this.</param>
    /// <param name="time">The clock.</param>
    public Gathering(Logger output, TimeProvider time)
    {
        (_output, _time) = (output, time);
        _timer = time.CreateTimer(_ => Close(isEnd: false), null, WindowFirst, WindowFirst);
    }

    /// <inheritdoc />
    public void Emit(LogEvent logEvent)
    {
        ArgumentNullException.ThrowIfNull(logEvent);
        var line = logEvent.Level < LogEventLevel.Warning && logEvent.Exception is null
            ? logEvent
            : WithoutStack(logEvent);
        if ((line.Level < LogEventLevel.Warning && logEvent.Exception is null) || IsFirst(logEvent, line))
            _output.Write(line);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _timer.Dispose();
        Close(isEnd: true);
        _output.Dispose();
    }

    private bool IsFirst(LogEvent original, LogEvent line)
    {
        var key = (Source(original), Text(original), original.Exception?.GetType());
        lock (_gate)
        {
            if (_windows.TryGetValue(key, out var window))
            {
                window.Count++;
                window.Last = line;
                return false;
            }

            // More kinds than that are no repetitions.
            if (_windows.Count < PlacesMost)
                _windows.Add(key, new(_time.GetTimestamp()) { Length = WindowFirst, Last = line });
            return true;
        }
    }

    /// <summary>Says what the windows that are over have counted; a window without a repetition is forgotten.</summary>
    private void Close(bool isEnd)
    {
        var lines = new List<LogEvent>();
        lock (_gate)
        {
            foreach (var (key, window) in _windows.ToList())
            {
                var open = _time.GetElapsedTime(window.Since);
                if (open < window.Length && !isEnd)
                    continue;
                if (window.Count == 0)
                {
                    _windows.Remove(key);
                    continue;
                }

                lines.Add(Again(window, open));
                (window.Since, window.Count) = (_time.GetTimestamp(), 0);
                window.Length = window.Length * 2 < WindowMost ? window.Length * 2 : WindowMost;
            }
        }

        foreach (var line in lines)
            _output.Write(line);
    }

    private static LogEvent Again(Window window, TimeSpan open) => With(
        window.Last,
        FormattableString.Invariant(
            $" ({window.Count} more times in {open.TotalSeconds:0} s, of which this is the last)"));

    private static LogEvent WithoutStack(LogEvent line) => (line.Exception, Trouble.Of(line.Exception)) switch
    {
        (null, _) => With(line, string.Empty),
        (_, { } words) => With(line, $": {words}"),
        _ => line,
    };

    /// <summary>The same line without its exception and with more text.</summary>
    private static LogEvent With(LogEvent line, string more)
    {
        var text = more.Length == 0 ? line.MessageTemplate.Text : line.MessageTemplate.Text.TrimEnd('.', ' ');
        // Braces in the text are no holes.
        more = more.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        return new(
            line.Timestamp,
            line.Level,
            exception: null,
            Parser.Parse(text + more),
            line.Properties.Select(pair => new LogEventProperty(pair.Key, FirstLine(pair.Value))));
    }

    /// <summary>Some libraries put a whole exception into a value.</summary>
    private static LogEventPropertyValue FirstLine(LogEventPropertyValue value) =>
        value is ScalarValue { Value: string text } && text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end
            ? new ScalarValue(text[..end].TrimEnd())
            : value;

    private static string Source(LogEvent line) =>
        line.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source)
            && source is ScalarValue { Value: string name } ? name : string.Empty;

    private static string Text(LogEvent line) => Source(line).StartsWith(nameof(Sweeps), StringComparison.Ordinal)
        ? line.RenderMessage(CultureInfo.InvariantCulture)
        : line.MessageTemplate.Text;

    private sealed class Window(long since)
    {
        public long Since { get; set; } = since;

        public required TimeSpan Length { get; set; }

        public required LogEvent Last { get; set; }

        public int Count { get; set; }
    }
}
