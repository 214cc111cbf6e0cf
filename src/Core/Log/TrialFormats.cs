using System.Text.Json;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

/// <summary>
/// <see cref="TrialStarted"/> as
/// <c>{"at":..,"t":[c,f],"n":attempt,"s":[name,incarnation],"c":claim,"x":exclusive,"b":{beginning}}</c>, where a
/// beginning is <c>{"f":sweep,"ft":[c,f],"e":epochs,"ts":..,"es":..,"sa":samples}</c>.
/// </summary>
internal static class TrialStartedFormat
{
    public static void Write(Utf8JsonWriter writer, TrialStarted value)
    {
        writer.WriteStartObject();
        writer.WriteNumber("at"u8, value.At.ToUnixTimeMilliseconds());
        writer.WritePropertyName("t"u8);
        TrialIdConverter.Write(writer, value.Trial);
        writer.WriteNumber("n"u8, value.Attempt);
        writer.WritePropertyName("s"u8);
        SiloIdConverter.Write(writer, value.Silo);
        if (value.Claim != 0)
            writer.WriteNumber("c"u8, value.Claim);
        if (value.Exclusive)
            writer.WriteBoolean("x"u8, true);
        if (value.Beginning is { } beginning)
        {
            writer.WritePropertyName("b"u8);
            Write(writer, beginning);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, TrialBeginning value)
    {
        writer.WriteStartObject();
        writer.WriteString("f"u8, value.Sweep);
        writer.WritePropertyName("ft"u8);
        TrialIdConverter.Write(writer, value.Source);
        writer.WriteNumber("e"u8, value.Epochs);
        writer.WriteFloat("ts"u8, value.TrainSeconds);
        writer.WriteFloat("es"u8, value.EvaluationSeconds);
        writer.WriteNumber("sa"u8, value.Samples);
        writer.WriteEndObject();
    }

    private static TrialBeginning ReadBeginning(ref Utf8JsonReader reader)
    {
        var (sweep, source, epochs, samples) = (string.Empty, default(TrialId), 0, 0L);
        double trainSeconds = 0, evaluationSeconds = 0;
        reader.Expect(JsonTokenType.StartObject);
        while (reader.TryReadName(out var name))
        {
            switch (name)
            {
                case 'f': sweep = reader.GetString() ?? string.Empty; break;
                case ('f' << 8) | 't': source = TrialIdConverter.Read(ref reader); break;
                case 'e': epochs = reader.GetInt32(); break;
                case ('t' << 8) | 's': trainSeconds = reader.ReadNumber(); break;
                case ('e' << 8) | 's': evaluationSeconds = reader.ReadNumber(); break;
                case ('s' << 8) | 'a': samples = reader.GetInt64(); break;
                default: reader.Skip(); break;
            }
        }

        return new(sweep, source, epochs, trainSeconds, evaluationSeconds, samples);
    }

    public static SweepEvent Read(ref Utf8JsonReader reader)
    {
        long at = 0, claim = 0;
        var trial = default(TrialId);
        var attempt = 0;
        var silo = new SiloId(string.Empty, string.Empty);
        var exclusive = false;
        TrialBeginning? beginning = null;
        reader.Expect(JsonTokenType.StartObject);
        while (reader.TryReadName(out var name))
        {
            switch (name)
            {
                case ('a' << 8) | 't': at = reader.GetInt64(); break;
                case 't': trial = TrialIdConverter.Read(ref reader); break;
                case 'n': attempt = reader.GetInt32(); break;
                case 's': silo = SiloIdConverter.Read(ref reader); break;
                case 'c': claim = reader.GetInt64(); break;
                case 'x': exclusive = reader.GetBoolean(); break;
                case 'b': beginning = ReadBeginning(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new TrialStarted(trial, attempt, silo, claim, exclusive)
        {
            At = DateTimeOffset.FromUnixTimeMilliseconds(at),
            Beginning = beginning,
        };
    }
}

/// <summary>
/// What an attempt gave (<see cref="TrialCompleted"/>, <see cref="RungReached"/>) as
/// <c>{"at":..,"t":[c,f],"n":attempt,"r":{result}}</c>.
/// </summary>
internal static class AttemptResultFormat
{
    public static void Write(Utf8JsonWriter writer, AttemptEvent value, TrialResult result)
    {
        writer.WriteStartObject();
        writer.WriteNumber("at"u8, value.At.ToUnixTimeMilliseconds());
        writer.WritePropertyName("t"u8);
        TrialIdConverter.Write(writer, value.Trial);
        writer.WriteNumber("n"u8, value.Attempt);
        writer.WritePropertyName("r"u8);
        TrialResultFormat.Write(writer, result);
        writer.WriteEndObject();
    }

    public static SweepEvent Read(
        ref Utf8JsonReader reader, Func<TrialId, int, TrialResult, AttemptEvent> create)
    {
        long at = 0;
        var trial = default(TrialId);
        var attempt = 0;
        TrialResult? result = null;
        reader.Expect(JsonTokenType.StartObject);
        while (reader.TryReadName(out var name))
        {
            switch (name)
            {
                case ('a' << 8) | 't': at = reader.GetInt64(); break;
                case 't': trial = TrialIdConverter.Read(ref reader); break;
                case 'n': attempt = reader.GetInt32(); break;
                case 'r': result = TrialResultFormat.Read(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        if (result is null)
            throw new JsonException("The attempt has no result.");
        return create(trial, attempt, result) with { At = DateTimeOffset.FromUnixTimeMilliseconds(at) };
    }
}

/// <summary>
/// <see cref="TrialReused"/> as <c>{"at":..,"t":[c,f],"f":sweep,"ft":[c,f],"e":trained,"r":{result}}</c>.
/// </summary>
internal static class TrialReusedFormat
{
    public static void Write(Utf8JsonWriter writer, TrialReused value)
    {
        writer.WriteStartObject();
        writer.WriteNumber("at"u8, value.At.ToUnixTimeMilliseconds());
        writer.WritePropertyName("t"u8);
        TrialIdConverter.Write(writer, value.Trial);
        writer.WriteString("f"u8, value.Sweep);
        writer.WritePropertyName("ft"u8);
        TrialIdConverter.Write(writer, value.Source);
        writer.WriteNumber("e"u8, value.Trained);
        writer.WritePropertyName("r"u8);
        TrialResultFormat.Write(writer, value.Result);
        writer.WriteEndObject();
    }

    public static SweepEvent Read(ref Utf8JsonReader reader)
    {
        long at = 0;
        var (trial, source, trained) = (default(TrialId), default(TrialId), 0);
        var sweep = string.Empty;
        TrialResult? result = null;
        reader.Expect(JsonTokenType.StartObject);
        while (reader.TryReadName(out var name))
        {
            switch (name)
            {
                case ('a' << 8) | 't': at = reader.GetInt64(); break;
                case 't': trial = TrialIdConverter.Read(ref reader); break;
                case 'f': sweep = reader.GetString() ?? string.Empty; break;
                case ('f' << 8) | 't': source = TrialIdConverter.Read(ref reader); break;
                case 'e': trained = reader.GetInt32(); break;
                case 'r': result = TrialResultFormat.Read(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new TrialReused(
            trial, sweep, source, trained, result ?? throw new JsonException("The trial has no result."))
        {
            At = DateTimeOffset.FromUnixTimeMilliseconds(at),
        };
    }
}

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
        if (!double.IsNaN(value.ValidationLossError))
            writer.WriteFloat("vle"u8, value.ValidationLossError);
        if (!double.IsNaN(value.ValidationMetricError))
            writer.WriteFloat("vme"u8, value.ValidationMetricError);
        if (value.Metrics is { } metrics)
        {
            writer.WritePropertyName("m"u8);
            JsonSerializer.Serialize(writer, metrics, EventJsonContext.Default.MetricValues);
        }

        writer.WriteNumber("e"u8, value.Epochs);
        if (value.BestEpoch != 0)
            writer.WriteNumber("be"u8, value.BestEpoch);
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
        if (value.Together != 1)
            writer.WriteNumber("tg"u8, value.Together);
        if (value.SiloSpeed != 1)
            writer.WriteFloat("sp"u8, value.SiloSpeed);
        if (value.Engine != EngineKind.Auto)
            writer.WriteNumber("en"u8, (int)value.Engine);
        if (value.Test is { } test)
        {
            writer.WritePropertyName("test"u8);
            JsonSerializer.Serialize(writer, test, EventJsonContext.Default.TestReport);
        }

        writer.WriteEndObject();
    }

    public static TrialResult Read(ref Utf8JsonReader reader)
    {
        var (outcome, reason) = (TrainingOutcome.Completed, (string?)null);
        double trainLoss = double.NaN, trainMetric = double.NaN, lossError = double.NaN;
        double validationLoss = double.NaN, validationMetric = double.NaN, metricError = double.NaN;
        double trainSeconds = 0, cpuSeconds = 0, evaluationSeconds = 0, siloSpeed = 1;
        var (epochs, bestEpoch, neighbours, threads, together, weights, samples) = (0, 0, 0, 1, 1, 0L, 0L);
        (string digest, EngineKind engine, TestReport? test, MetricValues? metrics) = ("", default, null, null);
        reader.Expect(JsonTokenType.StartObject);
        while (reader.TryReadName(out var name))
        {
            switch (name)
            {
                case 'o': outcome = (TrainingOutcome)reader.GetInt32(); break;
                case ('w' << 16) | ('h' << 8) | 'y': reason = reader.GetString(); break;
                case ('t' << 8) | 'l': trainLoss = reader.ReadNumber(); break;
                case ('t' << 8) | 'm': trainMetric = reader.ReadNumber(); break;
                case ('v' << 8) | 'l': validationLoss = reader.ReadNumber(); break;
                case ('v' << 8) | 'm': validationMetric = reader.ReadNumber(); break;
                case ('v' << 16) | ('l' << 8) | 'e': lossError = reader.ReadNumber(); break;
                case ('v' << 16) | ('m' << 8) | 'e': metricError = reader.ReadNumber(); break;
                case 'm': metrics = ReadMetrics(ref reader); break;
                case 'e': epochs = reader.GetInt32(); break;
                case ('b' << 8) | 'e': bestEpoch = reader.GetInt32(); break;
                case 'w': weights = reader.GetInt64(); break;
                case ('w' << 8) | 'd': digest = reader.GetString() ?? string.Empty; break;
                case ('t' << 8) | 's': trainSeconds = reader.ReadNumber(); break;
                case ('c' << 8) | 's': cpuSeconds = reader.ReadNumber(); break;
                case ('e' << 8) | 's': evaluationSeconds = reader.ReadNumber(); break;
                case ('s' << 8) | 'a': samples = reader.GetInt64(); break;
                case ('n' << 8) | 'b': neighbours = reader.GetInt32(); break;
                case ('t' << 8) | 'h': threads = reader.GetInt32(); break;
                case ('t' << 8) | 'g': together = reader.GetInt32(); break;
                case ('s' << 8) | 'p': siloSpeed = reader.ReadNumber(); break;
                case ('e' << 8) | 'n': engine = (EngineKind)reader.GetInt32(); break;
                case ('t' << 24) | ('e' << 16) | ('s' << 8) | 't':
                    test = JsonSerializer.Deserialize(ref reader, EventJsonContext.Default.TestReport);
                    break;
                default: reader.Skip(); break;
            }
        }

        return new()
        {
            Outcome = outcome,
            Reason = reason,
            TrainLoss = trainLoss,
            TrainMetric = trainMetric,
            ValidationLoss = validationLoss,
            ValidationMetric = validationMetric,
            ValidationLossError = lossError,
            ValidationMetricError = metricError,
            Metrics = metrics,
            Epochs = epochs,
            BestEpoch = bestEpoch,
            Weights = weights,
            WeightsDigest = digest,
            TrainSeconds = trainSeconds,
            CpuSeconds = cpuSeconds,
            EvaluationSeconds = evaluationSeconds,
            Samples = samples,
            Neighbours = neighbours,
            Threads = threads,
            Together = together,
            SiloSpeed = siloSpeed,
            Engine = engine,
            Test = test,
        };
    }

    private static MetricValues? ReadMetrics(ref Utf8JsonReader reader) =>
        JsonSerializer.Deserialize(ref reader, EventJsonContext.Default.MetricValues);
}
