using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>How a drill went.</summary>
/// <param name="Undisturbed">The sweep that nothing happened to.</param>
/// <param name="Disturbed">The sweep whose silos were killed.</param>
/// <param name="Losses">What each kill cost.</param>
internal sealed record DrillReport(SweepState Undisturbed, SweepState Disturbed, IReadOnlyList<DrillLoss> Losses)
{
    /// <summary>The digests of both; null: that sweep did not complete.</summary>
    public (string? Undisturbed, string? Disturbed) Digests =>
        (Undisturbed.Completion?.Digest, Disturbed.Completion?.Digest);

    /// <summary>Whether both sweeps have the same results, bit by bit.</summary>
    public bool IsEqual => Digests is { Undisturbed: { } one } digests && one == digests.Disturbed;

    /// <summary>Whether every trial counts once and the results are the same.</summary>
    public bool Holds =>
        IsEqual && Disturbed.Completion is { Audit: { Holds: true } audit } && audit.Completed == audit.Planned;
}

/// <summary>What the log says of a silo that was killed.</summary>
/// <param name="Trials">Attempts that it had in hand.</param>
/// <param name="DetectedSeconds">From the kill until its attempts were taken from it; null: it had none.</param>
/// <param name="RecoveredSeconds">From the kill until the last of its trials went on; null: it had none.</param>
/// <param name="EpochsLost">Epochs that had been reported and had to be trained again.</param>
internal sealed record DrillLoss(int Trials, double? DetectedSeconds, double? RecoveredSeconds, int EpochsLost)
{
    /// <summary>Reads the consequences of a kill.</summary>
    /// <param name="events">The sweep's log.</param>
    /// <param name="metrics">Its epochs.</param>
    /// <param name="silo">The silo.</param>
    /// <param name="killed">When it was killed, by this machine's clock.</param>
    public static DrillLoss Of(
        IReadOnlyList<SweepEvent> events, IReadOnlyList<MetricRow> metrics, SiloId silo, DateTimeOffset killed)
    {
        var held = events.OfType<TrialStarted>()
            .Where(started => started.Silo == silo)
            .Select(started => (started.Trial, started.Attempt))
            .ToHashSet();
        var expired = events.OfType<AttemptExpired>().Where(item => held.Contains((item.Trial, item.Attempt))).ToList();
        if (expired.Count == 0)
            return new(0, null, null, 0);
        var next = expired.Select(item => (item.Trial, item.Attempt + 1)).ToHashSet();
        var again = events.OfType<TrialStarted>()
            .Where(started => next.Contains((started.Trial, started.Attempt))).ToList();
        return new(
            expired.Count,
            Math.Max(0, (expired.Min(item => item.At) - killed).TotalSeconds),
            again.Count == 0 ? null : Math.Max(0, (again.Max(started => started.At) - killed).TotalSeconds),
            expired.Sum(item => Math.Max(0, Reported(metrics, item) - item.Epoch)));
    }

    private static int Reported(IReadOnlyList<MetricRow> metrics, AttemptExpired expired) => metrics
        .Where(row => row.Attempt == expired.Attempt && row.Trial.Configuration == expired.Trial.Configuration
            && row.Trial.Fold == expired.Trial.Fold)
        .Select(row => row.Report.Epoch)
        .DefaultIfEmpty(expired.Epoch)
        .Max();
}
