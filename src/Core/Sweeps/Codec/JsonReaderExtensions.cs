using System.Globalization;
using System.Text.Json;

namespace Sweeps.Core.Sweeps.Codec;

/// <summary>What the formats written by hand need beyond the reader and writer of the framework.</summary>
internal static class JsonReaderExtensions
{
    /// <summary>Throws unless the reader stands on <paramref name="token"/>.</summary>
    public static void Expect(this ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (reader.TokenType != token)
            throw new JsonException($"Expected {token} at byte {reader.TokenStartIndex}, found {reader.TokenType}.");
    }

    /// <summary>A number, or the name of one that JSON cannot write.</summary>
    public static double ReadNumber(this ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return reader.GetDouble();
        return reader.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var text => throw new JsonException($"'{text}' is not a number."),
        };
    }

    /// <summary>Writes what <see cref="ReadNumber"/> reads.</summary>
    public static void WriteFloat(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
    }
}
