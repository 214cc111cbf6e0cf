using Sweeps.Silo;
using Sweeps.Storage;

namespace Sweeps.Client.Running;

/// <summary>
/// What all silos do for a sweep: this process's own as it is, the others as their last heartbeats tell.
/// </summary>
/// <param name="store">The store that they meet in.</param>
/// <param name="sweep">The sweep.</param>
/// <param name="own">The silo of this process; null: none.</param>
internal sealed class ClusterActivities(ISweepStore store, string sweep, SiloHost? own)
{
    // Heartbeats come every few seconds; asking more often than this tells nothing new.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private IReadOnlyList<SiloRow> _others = [];
    private long _readAt;

    /// <summary>Slots of all silos that take work, at least 1.</summary>
    public int Slots => Math.Max(1, (own?.SlotCount ?? 0) + _others.Where(IsAtWork).Sum(silo => silo.Slots));

    /// <summary>What trains or waits for a slot, the own silo's first.</summary>
    public IReadOnlyList<TrialActivity> Now =>
    [
        .. Of(own?.Activities ?? [], own is null || _others.Count == 0 ? null : own.Health.Silo),
        .. _others.SelectMany(silo => Of(SiloTraining.Read(silo.Training), silo.Name)),
    ];

    /// <summary>Asks the store about the others, if the last answer is too old.</summary>
    public async Task RefreshAsync(CancellationToken cancellation = default)
    {
        // A store of one process has no others, but one that only looks at it has no silo of its own.
        if ((own is not null && !store.IsShared) || (_readAt != 0 && Age < Interval))
            return;
        var silos = await store.Silos.ListAsync(cancellation);
        _others =
        [
            .. silos.Where(silo => silo.State is SiloState.Active or SiloState.Draining
                && silo.Incarnation != own?.Incarnation),
        ];
        _readAt = TimeProvider.System.GetTimestamp();
    }

    private TimeSpan Age => TimeProvider.System.GetElapsedTime(_readAt);

    private static bool IsAtWork(SiloRow silo) => silo.State == SiloState.Active;

    private IEnumerable<TrialActivity> Of(IEnumerable<TrialActivity> activities, string? silo) =>
        activities.Where(activity => activity.Key.Sweep == sweep).Select(activity => activity with { Silo = silo });
}
