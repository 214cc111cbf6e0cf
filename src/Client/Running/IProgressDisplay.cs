using Sweeps.Core.Analysis;
using Sweeps.Core.Sweeps;
using Sweeps.Silo;

namespace Sweeps.Client.Running;

/// <summary>Shows a sweep while it runs.</summary>
internal interface IProgressDisplay : IDisposable
{
    /// <summary>Says what is prepared before there is anything to show; gone with what follows.</summary>
    void Begin(string line);

    /// <summary>Something is worth showing. Called a few times a second at most.</summary>
    /// <param name="plan">What the sweep does.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="activities">What the slots do, of all silos.</param>
    void Show(SweepPlan plan, SweepProgress progress, IReadOnlyList<TrialActivity> activities);

    /// <summary>A line that stays.</summary>
    void Note(string line);
}
