using Sweeps.Core;
using Sweeps.Store.Contract;

namespace Sweeps.Store;

/// <summary>What every store requires of its arguments, so that all of them refuse the same calls.</summary>
internal static class StoreRules
{
    public const int NameLengthMax = 200;
    public const int TypeLengthMax = 100;

    public static void Check(SweepAppend append)
    {
        ArgumentNullException.ThrowIfNull(append);
        CheckName(append.Sweep, "sweep id", NameLengthMax);
        ArgumentOutOfRangeException.ThrowIfNegative(append.ExpectedSequence);
        if (append.Events is not { Count: > 0 })
            throw new ArgumentException("An append has at least one event.", nameof(append));
        foreach (var item in append.Events)
            CheckName(item.Type, "event type", TypeLengthMax);
        foreach (var result in append.Results)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)result.Event, (uint)append.Events.Count);
            ArgumentOutOfRangeException.ThrowIfNegative(result.Epochs);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(result.Wanted.Length, NameLengthMax);
            ArtifactDigest.Check(result.Course);
        }
    }

    public static void Check(MetricRow row)
    {
        Check(row.Trial);
        ArgumentOutOfRangeException.ThrowIfLessThan(row.Attempt, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(row.Report.Epoch, 1);
        if (row.Report.WeightsDigest is { } digest)
            ArtifactDigest.Check(digest);
    }

    public static void Check(ArtifactKey key)
    {
        Check(key.Trial);
        CheckName(key.Name, "artifact name", TypeLengthMax);
    }

    public static void Check(TrialKey trial)
    {
        CheckName(trial.Sweep, "sweep id", NameLengthMax);
        ArgumentOutOfRangeException.ThrowIfNegative(trial.Configuration);
        ArgumentOutOfRangeException.ThrowIfLessThan(trial.Fold, -1);
    }

    /// <summary>The last sequence of a deleted sweep, beyond any that a log reaches.</summary>
    public const long DeletedSequence = 1L << 62;

    public static StoreException NoSweep(string sweep, string where) =>
        new(StoreReason.Missing, $"There is no sweep '{sweep}' in {where}; 'sweeps list' shows those that are there.");

    /// <summary>What a process is told whose store a newer program has changed while it had it open.</summary>
    public static string ChangedMeanwhile(string store, int version) =>
        $"The store {store} was brought to a newer version while this process had it open, which knows versions up to "
            + $"{version}. Nothing was written; what was acknowledged before is kept. Stop this process and go on with "
            + "the newer program.";

    public static void CheckName(string name, string what, int lengthMax)
    {
        if (string.IsNullOrEmpty(name) || name.Length > lengthMax || name.Any(char.IsControl))
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"The {what} '{name}' is not allowed: 1 to {lengthMax} characters, none of them a control character.");
        }
    }
}

/// <summary>What every silo directory requires of its arguments.</summary>
internal static class SiloRules
{
    public static void Check(SiloRegistration silo)
    {
        StoreRules.CheckName(silo.Name, "silo name", StoreRules.NameLengthMax);
        StoreRules.CheckName(silo.Incarnation, "silo incarnation", StoreRules.NameLengthMax);
        ArgumentOutOfRangeException.ThrowIfNegative(silo.Slots);
        foreach (var sweep in silo.Serves ?? [])
            StoreRules.CheckName(sweep, "sweep id", StoreRules.NameLengthMax);
    }

    /// <summary>Sweeps as one text, a line each: no name has a control character. Null: all.</summary>
    public static string? Text(IReadOnlyList<string>? sweeps) => sweeps is null ? null : string.Join('\n', sweeps);

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    public static IReadOnlyList<string> Names(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static void Check(SiloHeartbeat heartbeat)
    {
        StoreRules.CheckName(heartbeat.Incarnation, "silo incarnation", StoreRules.NameLengthMax);
        ArgumentOutOfRangeException.ThrowIfNegative(heartbeat.Slots);
        ArgumentOutOfRangeException.ThrowIfNegative(heartbeat.ImagesPerSecond);
    }

    public static void CheckSlots(int? slots)
    {
        if (slots is < 0)
            throw new SweepsException(ErrorKind.Usage, $"A silo cannot have {slots} slots; allowed is 0 or more.");
    }

    public static StoreException AlreadyKnown(string incarnation) =>
        new(
            StoreReason.Other,
            $"The silo incarnation '{incarnation}' is already known; each start of a silo needs a new one.");
}

/// <summary>Times as both databases keep them: whole microseconds since 1970, UTC.</summary>
internal static class StoreClock
{
    public static DateTimeOffset Now(TimeProvider time) => FromMicroseconds(ToMicroseconds(time.GetUtcNow()));

    public static long ToMicroseconds(DateTimeOffset at) =>
        (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
