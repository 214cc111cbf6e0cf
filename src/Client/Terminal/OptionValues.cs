using System.CommandLine;
using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Results;

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
            : throw Bad(option, text,
                string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));
    }

    /// <summary>One of an enumeration's words, as sweep files write them; null where the option is not given.</summary>
    public static T? Word<T>(this ParseResult parsed, Option<string?> option)
        where T : struct, Enum
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(ConfigurationText.Word(value), text.Replace('-', '_'),
                StringComparison.OrdinalIgnoreCase))
                return value;
        }

        var known = Enum.GetValues<T>().Select(ConfigurationText.Word).ToList();
        throw new SweepsException(ErrorKind.Usage,
            $"{option.Name}: '{text}' is unknown{NearestName.Suggest(text, known)}");
    }

    /// <summary>The error of a value that is not allowed.</summary>
    public static SweepsException Bad(Symbol option, string text, string allowed) =>
        new(ErrorKind.Usage, $"{option.Name}: '{text}' is not allowed; expected {allowed}.");
}
