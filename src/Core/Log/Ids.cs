using System.Globalization;

namespace Sweeps.Core.Log;

/// <summary>Names a trial within its sweep: one configuration on one fold.</summary>
/// <param name="Configuration">Index of the configuration, from 0, in the order of proposal.</param>
/// <param name="Fold">The fold held out, from 0; 0 for a hold-out split; -1 for a refit on all training data.</param>
public readonly record struct TrialId(int Configuration, int Fold) : IComparable<TrialId>
{
    private const string RefitWord = "refit";

    /// <summary>The trial that trains <paramref name="configuration"/> on all training data.</summary>
    public static TrialId Refit(int configuration) => new(configuration, -1);

    /// <summary>Whether this trial learns from all training data and opens the test set.</summary>
    public bool IsRefit => Fold < 0;

    /// <summary>Orders by configuration, then fold.</summary>
    public int CompareTo(TrialId other) =>
        (Configuration, Fold).CompareTo((other.Configuration, other.Fold));

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out TrialId trial)
    {
        trial = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 1 || !TryNumber(text.AsSpan(0, slash), out var configuration))
            return false;
        var fold = -1;
        if (!text.AsSpan(slash + 1).SequenceEqual(RefitWord) && !TryNumber(text.AsSpan(slash + 1), out fold))
            return false;
        trial = new(configuration, fold);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary><c>12/3</c> (configuration 12, fold 3) or <c>12/refit</c>.</summary>
    public override string ToString() =>
        IsRefit ? string.Create(CultureInfo.InvariantCulture, $"{Configuration}/{RefitWord}")
            : string.Create(CultureInfo.InvariantCulture, $"{Configuration}/{Fold}");

    /// <summary>Compares by <see cref="CompareTo"/>.</summary>
    public static bool operator <(TrialId left, TrialId right) => left.CompareTo(right) < 0;

    /// <summary>Compares by <see cref="CompareTo"/>.</summary>
    public static bool operator >(TrialId left, TrialId right) => left.CompareTo(right) > 0;

    /// <summary>Compares by <see cref="CompareTo"/>.</summary>
    public static bool operator <=(TrialId left, TrialId right) => left.CompareTo(right) <= 0;

    /// <summary>Compares by <see cref="CompareTo"/>.</summary>
    public static bool operator >=(TrialId left, TrialId right) => left.CompareTo(right) >= 0;
}

/// <summary>
/// Names one execution of a trial. Only a trial's newest attempt may report: the number is the fence.
/// </summary>
/// <param name="Number">From 1, one more with each start.</param>
public readonly record struct AttemptId(TrialId Trial, int Number)
{
    /// <summary><c>12/3#2</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Trial}#{Number}");
}

/// <summary>Names one process that trains. A restarted silo keeps its name and gets another incarnation.</summary>
/// <param name="Name">For people: a host's name, a pod.</param>
/// <param name="Incarnation">Unique to one process start; leases, attempts and losses go by it.</param>
public readonly record struct SiloId(string Name, string Incarnation)
{
    /// <summary><c>name@incarnation</c>.</summary>
    public override string ToString() => $"{Name}@{Incarnation}";
}
