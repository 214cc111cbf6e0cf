using System.Text.Json;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

/// <summary><see cref="TrialResult"/> with names of one or two letters; what has its default is left out.</summary>
internal static class TrialResultFormat
{
    public static void Write(Utf8JsonWriter writer, TrialResult value)
    {
        writer.WriteStartObject();
        writer.WriteNumber("o"u8, (int)value.Outcome);
        if (value.Reason is not null)
            writer.WriteString("why"u8, value.Reason);
        writer.WriteFloat("tl"u8, value.TrainLoss);
        writer.WriteFloat("tm"u8, value.TrainMetric);
        writer.WriteFloat("vl"u8, value.ValidationLoss);
        writer.WriteFloat("vm"u8, value.ValidationMetric);
        writer.WriteNumber("e"u8, value.Epochs);
        writer.WriteNumber("w"u8, value.Weights);
        writer.WriteString("wd"u8, value.WeightsDigest);
        writer.WriteFloat("ts"u8, value.TrainSeconds);
        writer.WriteFloat("cs"u8, value.CpuSeconds);
        writer.WriteFloat("es"u8, value.EvaluationSeconds);
        writer.WriteNumber("sa"u8, value.Samples);
        if (value.Neighbours != 0)
            writer.WriteNumber("nb"u8, value.Neighbours);
        if (value.Threads != 1)
            writer.WriteNumber("th"u8, value.Threads);
        if (value.SiloSpeed != 1)
            writer.WriteFloat("sp"u8, value.SiloSpeed);
        if (value.Test is { } test)
        {
            writer.WritePropertyName("test"u8);
            TestReportFormat.Write(writer, test);
        }

        writer.WriteEndObject();
    }

    public static TrialResult Read(ref Utf8JsonReader reader)
    {
        var fields = new Fields();
        reader.Expect(JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (!fields.TryRead(name, ref reader))
                reader.Skip();
        }

        return fields.ToResult();
    }

    private ref struct Fields()
    {
        private TrainingOutcome _outcome;
        private string? _reason;
        private double _trainLoss = double.NaN;
        private double _trainMetric = double.NaN;
        private double _validationLoss = double.NaN;
        private double _validationMetric = double.NaN;
        private int _epochs;
        private long _weights;
        private string _digest = string.Empty;
        private double _trainSeconds;
        private double _cpuSeconds;
        private double _evaluationSeconds;
        private long _samples;
        private int _neighbours;
        private int _threads = 1;
        private double _speed = 1;
        private TestReport? _test;

        public bool TryRead(ReadOnlySpan<byte> name, ref Utf8JsonReader reader)
        {
            if (name.Length == 1)
                return TryReadOne(name[0], ref reader);
            if (name.Length != 2)
                return TryReadLong(name, ref reader);
            switch ((char)name[0], (char)name[1])
            {
                case ('t', 'l'): _trainLoss = reader.ReadNumber(); return true;
                case ('t', 'm'): _trainMetric = reader.ReadNumber(); return true;
                case ('v', 'l'): _validationLoss = reader.ReadNumber(); return true;
                case ('v', 'm'): _validationMetric = reader.ReadNumber(); return true;
                case ('w', 'd'): _digest = reader.GetString() ?? string.Empty; return true;
                case ('t', 's'): _trainSeconds = reader.ReadNumber(); return true;
                case ('c', 's'): _cpuSeconds = reader.ReadNumber(); return true;
                case ('e', 's'): _evaluationSeconds = reader.ReadNumber(); return true;
                case ('s', 'a'): _samples = reader.GetInt64(); return true;
                case ('n', 'b'): _neighbours = reader.GetInt32(); return true;
                case ('t', 'h'): _threads = reader.GetInt32(); return true;
                case ('s', 'p'): _speed = reader.ReadNumber(); return true;
                default: return false;
            }
        }

        private bool TryReadOne(byte name, ref Utf8JsonReader reader)
        {
            switch ((char)name)
            {
                case 'o': _outcome = (TrainingOutcome)reader.GetInt32(); return true;
                case 'e': _epochs = reader.GetInt32(); return true;
                case 'w': _weights = reader.GetInt64(); return true;
                default: return false;
            }
        }

        private bool TryReadLong(ReadOnlySpan<byte> name, ref Utf8JsonReader reader)
        {
            if (name.SequenceEqual("why"u8))
                _reason = reader.GetString();
            else if (name.SequenceEqual("test"u8))
                _test = TestReportFormat.Read(ref reader);
            else
                return false;
            return true;
        }

        public readonly TrialResult ToResult() => new()
        {
            Outcome = _outcome,
            Reason = _reason,
            TrainLoss = _trainLoss,
            TrainMetric = _trainMetric,
            ValidationLoss = _validationLoss,
            ValidationMetric = _validationMetric,
            Epochs = _epochs,
            Weights = _weights,
            WeightsDigest = _digest,
            TrainSeconds = _trainSeconds,
            CpuSeconds = _cpuSeconds,
            EvaluationSeconds = _evaluationSeconds,
            Samples = _samples,
            Neighbours = _neighbours,
            Threads = _threads,
            SiloSpeed = _speed,
            Test = _test,
        };
    }
}

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
