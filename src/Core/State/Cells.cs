using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.State;

/// <summary>
/// All that the state keeps of a trial: a row without references, so that a million trials are one block.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct TrialCell
{
    public TrialStatus Status;

    /// <summary>Waits in the ready set and not at the frontier.</summary>
    public bool Queued;

    /// <summary>The next attempt runs without neighbours.</summary>
    public bool Exclusive;

    /// <summary>The last attempt was handed back: the next one goes on with it, and is no retry.</summary>
    public bool Released;

    /// <summary>Its result was taken over, not trained for it.</summary>
    public bool Reused;

    /// <summary>The user stopped it, and not the schedule: what it gave at a rung counts for nothing.</summary>
    public bool StoppedByUser;

    /// <summary>Times in a row that it was handed back before it could begin.</summary>
    public byte Stalls;

    /// <summary>Attempts that failed with an error, and for lack of memory.</summary>
    public byte Errors, OutOfMemory;

    /// <summary>Silos that died or hung with it, one after another, without progress between.</summary>
    public byte Strikes;

    public byte Neighbours, Threads, Together, Engine;
    public TrainingOutcome Outcome;

    /// <summary>Attempts started so far; the number of the current one.</summary>
    public int Attempts;
    public int Priority;

    /// <summary>Epochs safe in a checkpoint at the last strike.</summary>
    public int StrikeEpoch;

    public int Epochs;

    /// <summary>The epoch that is scored; 0: the last.</summary>
    public int BestEpoch;
    public float ValidationLossError, ValidationMetricError;
    public double TrainLoss, TrainMetric, ValidationLoss, ValidationMetric;

    /// <summary>What the plan asks for further, in the order of the names.</summary>
    public FurtherMetrics Further;
    public double TrainSeconds;
    public float CpuSeconds, EvaluationSeconds, SiloSpeed;
    public long Samples, Weights;
    public WeightsDigest Digest;

    public void Set(TrialResult result)
    {
        Outcome = result.Outcome;
        (TrainLoss, TrainMetric) = (result.TrainLoss, result.TrainMetric);
        (ValidationLoss, ValidationMetric) = (result.ValidationLoss, result.ValidationMetric);
        (ValidationLossError, ValidationMetricError) =
            ((float)result.ValidationLossError, (float)result.ValidationMetricError);
        for (var i = 0; i < FurtherMetrics.Most; i++)
            Further[i] = i < result.Metrics?.All.Count ? result.Metrics.All[i].Value : double.NaN;
        BestEpoch = result.BestEpoch;
        (Epochs, Samples, Weights) = (result.Epochs, result.Samples, result.Weights);
        (TrainSeconds, CpuSeconds) = (result.TrainSeconds, (float)result.CpuSeconds);
        (EvaluationSeconds, SiloSpeed) = ((float)result.EvaluationSeconds, (float)result.SiloSpeed);
        Neighbours = (byte)Math.Clamp(result.Neighbours, 0, byte.MaxValue);
        Threads = (byte)Math.Clamp(result.Threads, 0, byte.MaxValue);
        Together = (byte)Math.Clamp(result.Together, 0, byte.MaxValue);
        Engine = (byte)result.Engine;
        Digest = WeightsDigest.Parse(result.WeightsDigest);
    }

    /// <summary>Whether it has a result: that of its end, or of the rung that it did not pass.</summary>
    public readonly bool HasResult =>
        Status == TrialStatus.Completed
        || (Status is TrialStatus.Stopped or TrialStatus.Paused && Epochs > 0 && !StoppedByUser);

    /// <summary>A metric's value.</summary>
    public readonly double ValueOf(SweepMetric metric, SweepPlan plan)
    {
        if (!metric.IsAsked)
            return metric.ValueOf(Outcome, ValidationLoss, ValidationMetric, plan.Task);
        var place = Array.IndexOf(plan.AskedMetrics()?.Split(' ') ?? [], metric.Name);
        return metric.Known(Outcome, place < 0 ? double.NaN : Further[place], plan.Task);
    }

    private readonly MetricValues? FurtherOf(string? asked)
    {
        if (asked is null || Outcome == TrainingOutcome.Diverged)
            return null;
        var names = asked.Split(' ');
        var values = new KeyValuePair<string, double>[names.Length];
        for (var i = 0; i < names.Length; i++)
            values[i] = new(names[i], Further[i]);
        return new(values);
    }

    public readonly TrialResult ToResult(string? reason, TestReport? test, string? asked) => new()
    {
        Outcome = Outcome,
        Reason = reason,
        TrainLoss = TrainLoss,
        TrainMetric = TrainMetric,
        ValidationLoss = ValidationLoss,
        ValidationMetric = ValidationMetric,
        ValidationLossError = ValidationLossError,
        ValidationMetricError = ValidationMetricError,
        Metrics = FurtherOf(asked),
        Epochs = Epochs,
        BestEpoch = BestEpoch,
        Weights = Weights,
        WeightsDigest = Digest.ToString(),
        TrainSeconds = TrainSeconds,
        CpuSeconds = CpuSeconds,
        EvaluationSeconds = EvaluationSeconds,
        Samples = Samples,
        Neighbours = Neighbours,
        Threads = Threads,
        Together = Together,
        SiloSpeed = SiloSpeed,
        Engine = (EngineKind)Engine,
        Test = test,
    };
}

/// <summary>As many numbers as a sweep can have objectives.</summary>
[InlineArray(Most)]
internal struct FurtherMetrics
{
    public const int Most = SweepObjectives.Most;

    private double _first;
}

/// <summary>All that the state keeps of a configuration besides its hyperparameters.</summary>
internal struct ConfigurationCell
{
    /// <summary>Folds that have not ended.</summary>
    public int OpenFolds;

    /// <summary>The rung of the schedule that its trials train for; beyond the last, to their end.</summary>
    public int Rung;

    /// <summary>Trials that do not stand at that rung and have not ended.</summary>
    public int ToRung;

    /// <summary>The schedule stopped it.</summary>
    public bool Dropped;

    /// <summary>The value that it was stopped for; NaN: a fold had none.</summary>
    public double DroppedAt;

    /// <summary>In index order: whom it was compared with.</summary>
    public RungCut DroppedFor;

    public bool Scored;

    public ConfigurationScore Score;
}

/// <summary>A growing table of structs that is never copied: a million rows cost their own size and no more.</summary>
internal sealed class ChunkedTable<T>
    where T : struct
{
    private const int ChunkBits = 12;
    private const int ChunkMask = (1 << ChunkBits) - 1;

    private readonly List<T[]> _chunks = [];

    public int Count { get; private set; }

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunks[index >> ChunkBits][index & ChunkMask];
    }

    /// <summary>Adds rows of zeros, or removes rows from the end.</summary>
    public void Resize(int count)
    {
        for (var index = count; index < Count; index++)
            this[index] = default;
        while (_chunks.Count << ChunkBits < count)
            _chunks.Add(new T[1 << ChunkBits]);
        Count = count;
    }

    /// <summary>Writes all rows.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(Count);
        for (var first = 0; first < Count; first += 1 << ChunkBits)
            writer.WriteRows<T>(_chunks[first >> ChunkBits].AsSpan(0, Math.Min(Count - first, 1 << ChunkBits)));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(SnapshotReader reader)
    {
        Resize(reader.ReadCount(Unsafe.SizeOf<T>()));
        for (var first = 0; first < Count; first += 1 << ChunkBits)
            reader.ReadRows(_chunks[first >> ChunkBits].AsSpan(0, Math.Min(Count - first, 1 << ChunkBits)));
    }
}

/// <summary>A SHA-256 in 32 bytes instead of a string of 64 characters.</summary>
internal readonly record struct WeightsDigest(ulong A, ulong B, ulong C, ulong D)
{
    public static WeightsDigest Parse(string text)
    {
        if (Fault(text) is { } fault)
            throw new SweepsException(ErrorKind.Store, $"{fault}. The trainer must give one.");
        Span<byte> bytes = stackalloc byte[32];
        _ = Convert.FromHexString(text, bytes, out _, out _);
        return new(Word(bytes, 0), Word(bytes, 1), Word(bytes, 2), Word(bytes, 3));
    }

    /// <summary>What is wrong with a digest's text; null: nothing.</summary>
    public static string? Fault(string? text)
    {
        Span<byte> bytes = stackalloc byte[32];
        return text?.Length == 64
            && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done
                ? null
                : $"The weights digest '{text}' is not a SHA-256 in 64 hexadecimal digits";
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], D);
        return Convert.ToHexStringLower(bytes);
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int index) =>
        BinaryPrimitives.ReadUInt64BigEndian(bytes[(index * 8)..]);
}
