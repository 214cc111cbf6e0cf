using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.SweepFile;

namespace Sweeps.Client.Terminal;

/// <summary>
/// Reads options' values with one kind of error: the option, the value, what is allowed, the nearest valid word.
/// </summary>
internal static class OptionValues
{
    /// <summary>A number; null where the option is not given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="min">The least value allowed.</param>
    /// <param name="max">The largest value allowed.</param>
    /// <param name="open">Whether <paramref name="max"/> itself is not allowed.</param>
    public static double? Number(this ParseResult parsed, Option<string?> option, double min, double max,
        bool open = false)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max && !(open && value == max)
            ? value
            : throw Bad(option, text,
                string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {(open ? "below " : "")}{max}"));
    }

    /// <summary>A whole number; null where the option is not given.</summary>
    public static long? Whole(this ParseResult parsed, Option<string?> option, long min, long max)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max
            ? value
            : throw Bad(option, text, WholeFrom(min, max));
    }

    /// <summary>An option that takes a whole number; anything else is an error of the command line.</summary>
    public static Option<int?> Whole(string name, int min, int max, string description, string helpName = "n") =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => ReadWhole(result, name, min, max),
        };

    /// <summary>An argument that takes a whole number.</summary>
    public static Argument<int> WholeArgument(string name, int min, int max, string description) => new(name)
    {
        Description = description,
        CustomParser = result => ReadWhole(result, name, min, max) ?? 0,
    };

    /// <summary>An option that takes one of a few words.</summary>
    public static Option<string?> Choice(string name, string description, params string[] words) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', words),
        CustomParser = result => ReadChoice(result, name, words),
    };

    /// <summary>An option that takes an enumeration's words.</summary>
    public static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum => new(name)
        {
            Description = description,
            CustomParser = result => ReadChoice(
                result, name, [.. Enum.GetNames<T>().Select(word => word.ToLowerInvariant())]) is { } word
                ? Enum.Parse<T>(word, ignoreCase: true) : null,
        };

    /// <summary>A hyperparameter's value by the rules of sweep files; null where the option is not given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="parameter">The hyperparameter's name in sweep files.</param>
    public static WordReading? Parameter(this ParseResult parsed, Option<string?> option, string parameter) =>
        parsed.GetValue(option) is { } text
            ? Checked(parsed, option, SweepVocabulary.Read(parameter, text)) : null;

    /// <summary>A seed by the rules of sweep files; null where the option is not given.</summary>
    public static long? Seed(this ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is { } text
        ? (long)Checked(parsed, option, SweepVocabulary.ReadSeed(text)).Number : null;

    /// <summary>The error of a value that is not allowed.</summary>
    public static SweepsException Bad(Symbol option, string text, string allowed) =>
        new(ErrorKind.Usage, Message(option.Name, text, allowed));

    private static WordReading Checked(ParseResult parsed, Option option, WordReading reading)
    {
        if (reading.Error is { } error)
            throw new SweepsException(ErrorKind.Usage, Sentence.Ended($"{option.Name}: {error}"));
        if (reading.Note is { } note)
            parsed.InvocationConfiguration.Error.WriteLine($"note: {option.Name}: {note}");
        return reading;
    }

    private static int? ReadWhole(ArgumentResult result, string name, int min, int max)
    {
        var text = result.Tokens[^1].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max)
            return value;
        result.AddError(Message(name, text, WholeFrom(min, max)));
        return null;
    }

    private static string? ReadChoice(ArgumentResult result, string name, string[] words)
    {
        var text = result.Tokens[^1].Value;
        if (Array.Find(words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
            return found;
        var allowed = words.Length > 1 ? $"{string.Join(", ", words[..^1])} or {words[^1]}" : words[0];
        result.AddError(Message(name, text, allowed));
        return null;
    }

    private static string Message(string name, string text, string allowed) =>
        $"{name}: '{Quote.Short(text)}' is not allowed; expected {allowed}.";

    private static string WholeFrom(long min, long max) => (min, max) switch
    {
        (int.MinValue, int.MaxValue) => "a whole number",
        (_, int.MaxValue) => string.Create(CultureInfo.InvariantCulture, $"a whole number from {min}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
    };
}
