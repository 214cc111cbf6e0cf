using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>The outcome of a drill.</summary>
/// <param name="Undisturbed">The sweep without kills.</param>
/// <param name="Disturbed">The sweep whose silos were killed.</param>
/// <param name="Losses">What each kill cost.</param>
internal sealed record DrillReport(SweepState Undisturbed, SweepState Disturbed, IReadOnlyList<DrillLoss> Losses)
{
    /// <summary>Null: that sweep did not complete.</summary>
    public (string? Undisturbed, string? Disturbed) Digests =>
        (Undisturbed.Completion?.Digest, Disturbed.Completion?.Digest);

    /// <summary>Whether both sweeps have the same results, bit by bit.</summary>
    public bool IsEqual => Digests is { Undisturbed: { } one } digests && one == digests.Disturbed;

    /// <summary>Whether every trial counts once and the results are equal.</summary>
    public bool Holds =>
        IsEqual && Disturbed.Completion is { Audit: { Holds: true } audit } && audit.Completed == audit.Planned;
}

/// <summary>What a killed silo cost, from the log.</summary>
/// <param name="Trials">Attempts that ran on it.</param>
/// <param name="DetectedSeconds">From the kill until its attempts expired; null: it had none.</param>
/// <param name="RecoveredSeconds">From the kill until the last of its trials resumed; null: it had none.</param>
/// <param name="EpochsLost">Reported epochs that had to be repeated.</param>
internal sealed record DrillLoss(int Trials, double? DetectedSeconds, double? RecoveredSeconds, int EpochsLost)
{
    /// <summary>
    /// From the kill until any trial started: its own may wait for others that are before them. Null: none did.
    /// </summary>
    public double? NextSeconds { get; init; }

    /// <summary>Computes the cost of a kill.</summary>
    /// <param name="events">The sweep's log.</param>
    /// <param name="metrics">Its epochs.</param>
    /// <param name="silo">The killed silo.</param>
    /// <param name="killed">When it was killed, by the store's clock.</param>
    public static DrillLoss Of(
        IReadOnlyList<SweepEvent> events, IReadOnlyList<MetricRow> metrics, SiloId silo, DateTimeOffset killed)
    {
        var held = events.OfType<TrialStarted>()
            .Where(started => started.Silo == silo)
            .Select(started => (started.Trial, started.Attempt))
            .ToHashSet();
        var expired = events.OfType<AttemptExpired>().Where(item => held.Contains((item.Trial, item.Attempt))).ToList();
        if (expired.Count == 0)
            return new(0, null, null, 0) { NextSeconds = Next(events, killed) };
        var next = expired.Select(item => (item.Trial, item.Attempt + 1)).ToHashSet();
        var again = events.OfType<TrialStarted>()
            .Where(started => next.Contains((started.Trial, started.Attempt))).ToList();
        return new(
            expired.Count,
            Math.Max(0, (expired.Min(item => item.At) - killed).TotalSeconds),
            again.Count == 0 ? null : Math.Max(0, (again.Max(started => started.At) - killed).TotalSeconds),
            expired.Sum(item => Math.Max(0, Reported(metrics, item) - item.Epoch)))
        {
            NextSeconds = Next(events, killed),
        };
    }

    private static double? Next(IReadOnlyList<SweepEvent> events, DateTimeOffset killed) => events
        .OfType<TrialStarted>()
        .Where(started => started.At > killed)
        .Min(started => (double?)(started.At - killed).TotalSeconds);

    private static int Reported(IReadOnlyList<MetricRow> metrics, AttemptExpired expired) => metrics
        .Where(row => row.Attempt == expired.Attempt && row.Trial.Configuration == expired.Trial.Configuration
            && row.Trial.Fold == expired.Trial.Fold)
        .Select(row => row.Report.Epoch)
        .DefaultIfEmpty(expired.Epoch)
        .Max();
}
