using Sweeps.Core.Sweeps;

namespace Sweeps.Core.Scheduling;

/// <summary>
/// A waiting trial's place in the order of work: higher priority, then lower configuration, then lower fold.
/// </summary>
internal readonly record struct ReadyTrial(int Priority, TrialId Trial) : IComparable<ReadyTrial>
{
    public int CompareTo(ReadyTrial other) =>
        Priority != other.Priority ? other.Priority.CompareTo(Priority) : Trial.CompareTo(other.Trial);
}
