using Sweeps.Core;

namespace Sweeps.Storage;

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
    }

    public static void Check(MetricRow row)
    {
        Check(row.Trial);
        ArgumentOutOfRangeException.ThrowIfLessThan(row.Attempt, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(row.Report.Epoch, 1);
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

    public static SweepsException NoSweep(string sweep, string where) =>
        new(ErrorKind.Store, $"There is no sweep '{sweep}' in {where}; 'sweeps list' shows those that are there.");

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
