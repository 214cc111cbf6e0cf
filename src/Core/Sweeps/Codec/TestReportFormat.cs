using System.Text.Json;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Sweeps.Codec;

/// <summary><see cref="TestReport"/> as <c>{"loss":..,"metric":..,"classes":..,"confusion":[..]}</c>.</summary>
internal static class TestReportFormat
{
    public static void Write(Utf8JsonWriter writer, TestReport value)
    {
        writer.WriteStartObject();
        writer.WriteFloat("loss"u8, value.Loss);
        writer.WriteFloat("metric"u8, value.Metric);
        writer.WriteNumber("classes"u8, value.Classes);
        if (value.Confusion is { } confusion)
        {
            writer.WriteStartArray("confusion"u8);
            foreach (var count in confusion)
                writer.WriteNumberValue(count);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    public static TestReport Read(ref Utf8JsonReader reader)
    {
        var (loss, metric, classes) = (double.NaN, double.NaN, 0);
        int[]? confusion = null;
        reader.Expect(JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (name.SequenceEqual("loss"u8))
                loss = reader.ReadNumber();
            else if (name.SequenceEqual("metric"u8))
                metric = reader.ReadNumber();
            else if (name.SequenceEqual("classes"u8))
                classes = reader.GetInt32();
            else if (name.SequenceEqual("confusion"u8))
                confusion = ReadCounts(ref reader);
            else
                reader.Skip();
        }

        return new(loss, metric, confusion, classes);
    }

    private static int[] ReadCounts(ref Utf8JsonReader reader)
    {
        reader.Expect(JsonTokenType.StartArray);
        var counts = new List<int>(100);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            counts.Add(reader.GetInt32());
        return [.. counts];
    }
}
