using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sweeps.Store;

/// <summary>
/// What a process counts and traces, by the names that metrics have outside. They cost next to nothing while nobody
/// listens. No metric names a sweep: there is no bound on how many there are, and their names are not for everybody.
/// </summary>
public static class SweepsTelemetry
{
    /// <summary>The name of the meter and of the source of traces.</summary>
    public const string Name = "Sweeps";

    /// <summary>Carries the trace of a submission in the context of a grain call.</summary>
    public const string TraceKey = "traceparent";

    private static readonly Meter Meter = new(Name);

    /// <summary>
    /// Traces: the submission, each attempt of a trial, and the sweep from its submission to its end.
    /// </summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Samples learned from; its rate is the images/s of the reports.</summary>
    public static Counter<long> Images { get; } =
        Meter.CreateCounter<long>("sweeps.images", "{image}", "Samples learned from.");

    /// <summary>Attempts that ended on this silo, by <c>ending</c>.</summary>
    public static Counter<long> Attempts { get; } =
        Meter.CreateCounter<long>("sweeps.attempts", "{attempt}", "Attempts that ended on this silo, by their ending.");

    /// <summary>Attempts that a coordinator on this silo took from silos that were lost.</summary>
    public static Counter<long> AttemptsLost { get; } =
        Meter.CreateCounter<long>("sweeps.attempts.lost", "{attempt}", "Attempts taken from lost silos.");

    /// <summary>Silos whose lease this silo found to have run out.</summary>
    public static Counter<long> LeasesLost { get; } =
        Meter.CreateCounter<long>("sweeps.leases.lost", "{silo}", "Silos found lost by this one.");

    /// <summary>Bytes of checkpoints written.</summary>
    public static Counter<long> CheckpointsWritten { get; } =
        Meter.CreateCounter<long>("sweeps.checkpoints.written", "By", "Bytes of checkpoints written.");

    /// <summary>How long an append to a sweep's log takes, until it is durable.</summary>
    public static Histogram<double> AppendDuration { get; } = Meter.CreateHistogram(
        "sweeps.append.duration", "s", "Time until an append to a log is durable.", tags: null, Seconds());

    /// <summary>Events of an append.</summary>
    public static Histogram<long> AppendEvents { get; } = Meter.CreateHistogram(
        "sweeps.append.events", "{event}", "Events of an append to a log.", tags: null, Sizes());

    /// <summary>Rows of a transaction that appends and metrics share.</summary>
    public static Histogram<long> CommitRows { get; } = Meter.CreateHistogram(
        "sweeps.store.commit.rows", "{row}", "Rows of a transaction that writers share.", tags: null, Sizes());

    /// <summary>What a transaction takes.</summary>
    public static Histogram<double> CommitDuration { get; } = Meter.CreateHistogram(
        "sweeps.store.commit.duration", "s", "Time of a transaction that writers share.", tags: null, Seconds());

    /// <summary>
    /// The trace that a sweep belongs to, from what <see cref="Activity.Id"/> said when it was submitted.
    /// </summary>
    /// <param name="trace">W3C's <c>traceparent</c>; null or another text: none.</param>
    public static ActivityContext Parent(string? trace) =>
        ActivityContext.TryParse(trace, traceState: null, isRemote: true, out var parent) ? parent : default;

    private static InstrumentAdvice<double> Seconds() => new()
    {
        HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
    };

    private static InstrumentAdvice<long> Sizes() => new()
    {
        HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000],
    };
}
