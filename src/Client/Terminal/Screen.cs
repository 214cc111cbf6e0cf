using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Sweeps.Client.Terminal;

/// <summary>The one way to stdout: tables for people, JSON for programs.</summary>
internal static class Screen
{
    /// <summary>
    /// Columns where the output is no terminal: more than any line needs, so that nothing is wrapped in a file.
    /// </summary>
    private const int WidthOfFiles = 10_000;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FiniteNumber() },
    };

    private static readonly JsonSerializerOptions s_indentedJson = new(s_json) { WriteIndented = true };

    /// <summary>
    /// A Spectre console on <paramref name="output"/>: the terminal's width and colours (NO_COLOR is obeyed) where it
    /// is one, and plain text without a limit of columns in a pipe or file.
    /// </summary>
    public static IAnsiConsole On(TextWriter output)
    {
        var isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = WidthOfFiles;
        console.Pipeline.Attach(new HangingIndent());
        return console;
    }

    /// <summary>A table in the style of all commands.</summary>
    public static FittedTable Table(params IReadOnlyList<(string Title, bool IsNumber)> columns) => new(columns);

    /// <summary>Writes one JSON object on a line of its own.</summary>
    public static void WriteJson(TextWriter output, object value) => output.WriteLine(Json(value));

    /// <summary>JSON with names in snake_case; numbers that do not exist are null.</summary>
    public static string Json(object value, bool indented = false) =>
        JsonSerializer.Serialize(value, indented ? s_indentedJson : s_json);
}

/// <summary>Writes NaN and infinities, which JSON does not have, as null.</summary>
internal sealed class FiniteNumber : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }
}
