using Sweeps.Core.Sweeps.State;

namespace Sweeps.Core.Scheduling;

/// <summary>Counts the silos that died or hung with a trial, to find the trial that kills them.</summary>
internal static class Strikes
{
    /// <summary>
    /// The strikes after one more. A trial that got an epoch further since the last strike did not kill that silo at
    /// the same place, so its count starts anew: else a long trial on machines that are often switched off would be
    /// suspected.
    /// </summary>
    public static int After(in TrialCell cell, int epoch) =>
        cell.Strikes > 0 && epoch > cell.StrikeEpoch ? 1 : Math.Min(cell.Strikes + 1, byte.MaxValue);
}
