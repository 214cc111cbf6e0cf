using Sweeps.Core.Sweeps;

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
