namespace Sweeps.Silo.Slots;

/// <summary>
/// How many trials to keep at hand beyond the slots: none where a trial takes longer than the log, many where trials
/// are so short that slots would wait for it. Slots report, the worker asks.
/// </summary>
internal sealed class Prefetcher(TimeSpan horizon)
{
    private const int Most = 1024;
    private const double NewWeight = 0.1;
    private readonly Lock _gate = new();
    private double _seconds = double.NaN;

    /// <summary>A training took so long in its slot.</summary>
    public void Observe(TimeSpan took)
    {
        lock (_gate)
        {
            _seconds = double.IsNaN(_seconds)
                ? took.TotalSeconds
                : ((1 - NewWeight) * _seconds) + (NewWeight * took.TotalSeconds);
        }
    }

    /// <summary>Trials to hold beyond those in the slots.</summary>
    public int Beyond(int slots)
    {
        lock (_gate)
            return double.IsNaN(_seconds) ? 0 : (int)Math.Min(
                Most, slots * horizon.TotalSeconds / Math.Max(_seconds, 1e-6));
    }
}
