using System.Text;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;

namespace Sweeps.Silo.Logging;

/// <summary>How log lines are written.</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    Text = 0,

    /// <summary>For programs: one JSON object a line.</summary>
    Json = 1,
}

/// <summary>
/// One JSON object a line: <c>time</c>, <c>level</c>, <c>message</c>, and where they are known <c>silo</c>,
/// <c>sweep</c>, <c>trial</c>, <c>attempt</c>, <c>source</c> and <c>error</c> (an unexpected exception with its stack).
/// </summary>
public sealed class JsonLines : ITextFormatter
{
    private static readonly (string Property, string Name)[] Known =
    [
        ("SiloName", "silo"), ("Sweep", "sweep"), ("Trial", "trial"), ("Attempt", "attempt"),
        ("SourceContext", "source"),
    ];

    /// <inheritdoc />
    public void Format(LogEvent logEvent, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(logEvent);
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine(Line(
            logEvent.Timestamp,
            logEvent.Level,
            logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture),
            from pair in Known
            where logEvent.Properties.ContainsKey(pair.Property)
            select (pair.Name, Text(logEvent.Properties[pair.Property])),
            logEvent.Exception));
    }

    /// <summary>A line.</summary>
    public static string Line(
        DateTimeOffset time,
        LogEventLevel level,
        string message,
        IEnumerable<(string Name, string Value)> properties,
        Exception? error = null)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", time.ToUniversalTime());
            json.WriteString("level", level.ToString().ToLowerInvariant());
            json.WriteString("message", message);
            foreach (var (name, value) in properties)
                json.WriteString(name, value);
            if (error is not null)
                json.WriteString("error", error.ToString());
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string Text(LogEventPropertyValue value) =>
        value is ScalarValue { Value: var plain } ? plain?.ToString() ?? string.Empty : value.ToString();
}
