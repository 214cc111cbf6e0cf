using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sweeps.Core.Networks;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

/// <summary>
/// Turns events to what a store keeps and back. Doubles come back bit by bit, NaN and infinities too. Members that a
/// reader does not know are skipped. Members that a writer did not know are null, zero or false, and not what their
/// initialiser says. A change that this cannot bridge is a new type name (<c>trial-started/2</c>), and the old one
/// stays readable.
/// </summary>
public static class SweepEventCodec
{
    /// <summary>A version that knows no schedules must not train such a sweep as if it had none.</summary>
    private const string SubmittedWithSchedule = "sweep-submitted/2";

    /// <summary>Nor one that knows closed brackets alone decide by them what is decided in index order.</summary>
    private const string SubmittedInIndexOrder = "sweep-submitted/4";
    /// <summary>Nor one that knows one objective a sweep of several, or of another choice.</summary>
    private const string SubmittedWithObjectives = "sweep-submitted/3";

    /// <summary>Nor one that knows accuracy and loss alone, or shares that are held out, a sweep that is judged by
    /// something else.</summary>
    private const string SubmittedWithMetrics = "sweep-submitted/5";

    /// <summary>Nor one that chooses the engine by itself a sweep that says which.</summary>
    private const string SubmittedWithEngine = "sweep-submitted/engine";

    /// <summary>Nor one that draws all weights a sweep whose trainings start with others.</summary>
    private const string SubmittedWithWeights = "sweep-submitted/6";

    /// <summary>Nor one that has no networks of users' own code a sweep with some.</summary>
    private const string SubmittedWithCode = "sweep-submitted/code";

    /// <summary>Nor one that predicts one column of a table a sweep that predicts several together.</summary>
    private const string SubmittedWithTargets = "sweep-submitted/targets";

    /// <summary>Nor one that tells one class of several a sweep that tells several labels.</summary>
    private const string SubmittedWithLabels = "sweep-submitted/labels";

    /// <summary>Nor one that has fewer native stages a sweep whose engines were chosen by more.</summary>
    private const string SubmittedWithStages = "sweep-submitted/stages";

    /// <summary>Nor one that draws an order for each configuration a sweep whose trials share theirs.</summary>
    private const string SubmittedWithOrder = "sweep-submitted/order";

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    private static readonly Dictionary<string, EventShape> ShapeOfName =
        EventShape.All.ToDictionary(shape => shape.Name);

    private static readonly Dictionary<Type, EventShape> ShapeOfType =
        EventShape.All.DistinctBy(shape => shape.Type).ToDictionary(shape => shape.Type);

    /// <summary>The names of all event types.</summary>
    public static IReadOnlyList<string> Types { get; } = [.. EventShape.All.Select(shape => shape.Name)];

    /// <summary>Writes an event.</summary>
    public static EncodedEvent Encode(SweepEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        var shape = @event switch
        {
            SweepSubmitted { Plan.SampleOrder: not SampleOrder.Own } => ShapeOfName[SubmittedWithOrder],
            SweepSubmitted { Plan.Stages: not StageSet.First } => ShapeOfName[SubmittedWithStages],
            SweepSubmitted { Plan.Task: TaskKind.MultiLabel } => ShapeOfName[SubmittedWithLabels],
            SweepSubmitted { Plan.Content.Reading.Targets: not null } => ShapeOfName[SubmittedWithTargets],
            SweepSubmitted { Plan.Assemblies: not null } => ShapeOfName[SubmittedWithCode],
            SweepSubmitted submitted when submitted.Plan.AskedMetrics() is not null
                || submitted.Plan.HoldoutFirst > 0 =>
                ShapeOfName[SubmittedWithMetrics],
            SweepSubmitted { Plan.Engine: not EngineKind.Auto } => ShapeOfName[SubmittedWithEngine],
            SweepSubmitted { Plan.InitialWeights: not null } => ShapeOfName[SubmittedWithWeights],
            SweepSubmitted { Plan.Schedule.Order: RungOrder.Index } => ShapeOfName[SubmittedInIndexOrder],
            SweepSubmitted { Plan.Objectives: not null } => ShapeOfName[SubmittedWithObjectives],
            SweepSubmitted { Plan.Schedule: not null } => ShapeOfName[SubmittedWithSchedule],
            _ => ShapeOfType[@event.GetType()],
        };
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        var writer = _writer ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        shape.Write(writer, @event);
        writer.Flush();
        return new(shape.Name, buffer.WrittenSpan.ToArray());
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="SweepsException">
    /// The type is unknown (a newer version wrote it) or the payload is damaged.
    /// </exception>
    public static SweepEvent Decode(string type, ReadOnlySpan<byte> payload)
    {
        if (!ShapeOfName.TryGetValue(type, out var shape))
        {
            throw new SweepsException(
                ErrorKind.Store,
                $"The log has an event '{type}' that this version does not know: a newer version of sweeps wrote it. " +
                "Open the sweep with that version.");
        }

        try
        {
            var reader = new Utf8JsonReader(payload);
            reader.Read();
            return shape.Read(ref reader) ?? throw new JsonException("The payload is null.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new SweepsException(
                ErrorKind.Store,
                $"An event '{type}' of the log cannot be read: {exception.Message} " +
                "The log is damaged; restore the store from a copy.",
                exception);
        }
    }

    private delegate SweepEvent? ReadEvent(ref Utf8JsonReader reader);

    private sealed record EventShape(string Name, Type Type, Action<Utf8JsonWriter, SweepEvent> Write, ReadEvent Read)
    {
        public static readonly EventShape[] All =
        [
            Of("sweep-submitted", static () => EventJsonContext.Default.SweepSubmitted),
            Of(SubmittedWithSchedule, static () => EventJsonContext.Default.SweepSubmitted),
            Of(SubmittedWithObjectives, static () => EventJsonContext.Default.SweepSubmitted),
            Of(SubmittedInIndexOrder, static () => EventJsonContext.Default.SweepSubmitted),
            Of(SubmittedWithMetrics, static () => EventJsonContext.Default.SweepSubmitted),
            Of(SubmittedWithEngine, static () => EventJsonContext.Default.SweepSubmitted),
            Of(SubmittedWithWeights, static () => EventJsonContext.Default.SweepSubmitted),
            Of(SubmittedWithCode, static () => EventJsonContext.Default.SweepSubmitted),
            Of(SubmittedWithTargets, static () => EventJsonContext.Default.SweepSubmitted),
            Of(SubmittedWithLabels, static () => EventJsonContext.Default.SweepSubmitted),
            Of(SubmittedWithStages, static () => EventJsonContext.Default.SweepSubmitted),
            Of(SubmittedWithOrder, static () => EventJsonContext.Default.SweepSubmitted),
            Of("configurations-proposed", static () => EventJsonContext.Default.ConfigurationsProposed),
            // The events of every trial are read and written by hand: they decide how fast a large sweep opens.
            // Generated code for the same form needs 1.5 times (mutable rows) to 1.9 times (records) the processor.
            new(
                "trial-started",
                typeof(TrialStarted),
                static (writer, @event) => TrialStartedFormat.Write(writer, (TrialStarted)@event),
                TrialStartedFormat.Read),
            new(
                "trial-completed",
                typeof(TrialCompleted),
                static (writer, @event) => AttemptResultFormat.Write(
                    writer, (TrialCompleted)@event, ((TrialCompleted)@event).Result),
                static (ref reader) => AttemptResultFormat.Read(
                    ref reader, (trial, attempt, result) => new TrialCompleted(trial, attempt, result))),
            new(
                "rung-reached",
                typeof(RungReached),
                static (writer, @event) => AttemptResultFormat.Write(
                    writer, (RungReached)@event, ((RungReached)@event).Result),
                static (ref reader) => AttemptResultFormat.Read(
                    ref reader, (trial, attempt, result) => new RungReached(trial, attempt, result))),
            new(
                "trial-reused",
                typeof(TrialReused),
                static (writer, @event) => TrialReusedFormat.Write(writer, (TrialReused)@event),
                TrialReusedFormat.Read),
            Of("rung-decided", static () => EventJsonContext.Default.RungDecided),
            Of("trial-failed", static () => EventJsonContext.Default.TrialFailed),
            Of("attempt-released", static () => EventJsonContext.Default.AttemptReleased),
            Of("checkpoint-lost", static () => EventJsonContext.Default.CheckpointLost),
            Of("attempt-expired", static () => EventJsonContext.Default.AttemptExpired),
            Of("trial-set-aside", static () => EventJsonContext.Default.TrialSetAside),
            Of("trial-stopped", static () => EventJsonContext.Default.TrialStopped),
            Of("trials-requeued", static () => EventJsonContext.Default.TrialsRequeued),
            Of("configuration-scored", static () => EventJsonContext.Default.ConfigurationScored),
            Of("best-selected", static () => EventJsonContext.Default.BestSelected),
            Of("sweep-paused", static () => EventJsonContext.Default.SweepPaused),
            Of("sweep-resumed", static () => EventJsonContext.Default.SweepResumed),
            Of("sweep-cancelled", static () => EventJsonContext.Default.SweepCancelled),
            Of("fingerprint-set", static () => EventJsonContext.Default.FingerprintSet),
            Of("silo-refused", static () => EventJsonContext.Default.SiloRefused),
            Of("priority-changed", static () => EventJsonContext.Default.PriorityChanged),
            Of("configurations-added", static () => EventJsonContext.Default.ConfigurationsAdded),
            Of("sweep-completed", static () => EventJsonContext.Default.SweepCompleted),
        ];

        // What is known of a type is made when an event of it is met: that of all takes a tenth of a second.
        private static EventShape Of<T>(string name, Func<JsonTypeInfo<T>> info)
            where T : SweepEvent =>
            new(
                name,
                typeof(T),
                (writer, @event) => JsonSerializer.Serialize(writer, (T)@event, info()),
                (ref Utf8JsonReader reader) => JsonSerializer.Deserialize(ref reader, info()));
    }
}

/// <summary>An event as a store keeps it.</summary>
/// <param name="Type">The name of its type.</param>
/// <param name="Payload">UTF-8 JSON.</param>
public readonly record struct EncodedEvent(string Type, ReadOnlyMemory<byte> Payload);
