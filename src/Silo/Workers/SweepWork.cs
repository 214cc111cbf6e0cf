using Sweeps.Grains.Contracts;

namespace Sweeps.Silo.Workers;

/// <summary>What the worker knows of one open sweep.</summary>
internal sealed class SweepWork(string id)
{
    public string Id { get; } = id;

    /// <summary>Reports not yet accepted by the sweep.</summary>
    public List<AttemptEnd> Ends { get; } = [];

    /// <summary>What the last answer said to expect.</summary>
    public WorkPhase Phase { get; set; } = WorkPhase.HasWork;

    /// <summary>Why the sweep does not take this silo; null: it does.</summary>
    public string? Refusal { get; set; }

    /// <summary>The change feed's mark before the last exchange: no news since, nothing to ask.</summary>
    public long Mark { get; set; } = -1;

    /// <summary>
    /// When work was last asked for. Asked for once a lease also without news: a claim says what the silo holds, so
    /// that an attempt which got lost between the sweep and the silo is found.
    /// </summary>
    public long AskedAt { get; set; }

    /// <summary>When the running attempts were last checked.</summary>
    public long CheckedAt { get; set; }

    /// <summary>Counts the claims; one whose answer was lost is repeated with its number.</summary>
    public long Claim { get; set; } = 1;
}
