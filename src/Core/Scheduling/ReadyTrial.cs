using Sweeps.Core.Sweeps;

namespace Sweeps.Core.Scheduling;

/// <summary>
/// A waiting trial's place in the order of work: higher priority, then fewer strikes, then lower configuration, then
/// lower fold. A trial that was running when a silo died comes after those that were not: if silos then go on dying, it
/// was not the cause, and if it is, the others are done first.
/// </summary>
internal readonly record struct ReadyTrial(int Priority, int Strikes, TrialId Trial) : IComparable<ReadyTrial>
{
    public int CompareTo(ReadyTrial other)
    {
        if (Priority != other.Priority)
            return other.Priority.CompareTo(Priority);
        return Strikes != other.Strikes ? Strikes.CompareTo(other.Strikes) : Trial.CompareTo(other.Trial);
    }
}
