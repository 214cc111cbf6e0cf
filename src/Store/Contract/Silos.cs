namespace Sweeps.Store.Contract;

/// <summary>
/// The silos and their leases. A silo lives under an incarnation (one per start of the process); a lease is judged on
/// the store's clock alone, and an incarnation once declared lost never comes back.
/// </summary>
public interface ISiloDirectory
{
    /// <summary>
    /// Enters a silo under a new incarnation. False: nothing was done, since a living one that says its lease has the
    /// name; of several that ask at once, one gets it.
    /// </summary>
    /// <exception cref="Core.SweepsException">The incarnation is already known.</exception>
    Task<bool> RegisterAsync(SiloRegistration silo, CancellationToken cancellationToken = default);

    /// <summary>
    /// Renews the lease and reports; the answer says whether the incarnation is still alive to the others.
    /// </summary>
    Task<HeartbeatAnswer> HeartbeatAsync(SiloHeartbeat heartbeat, CancellationToken cancellationToken = default);

    /// <summary>Leaves: the silo holds nothing any more.</summary>
    Task LeaveAsync(string incarnation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Marks every incarnation lost whose last heartbeat is older than the lease, atomically; returns those marked by
    /// this call. Who acts on losses must look at <see cref="ListAsync"/> too: the process that marked them may have
    /// died.
    /// </summary>
    /// <param name="judge">
    /// The incarnation that asks; null: nobody that has a lease. Where it has not beaten for half its lease, none runs
    /// out: the store was away, perhaps in the middle of this very call, and the others could not beat either.
    /// </param>
    Task<IReadOnlyList<string>> ExpireAsync(
        TimeSpan lease, string? judge, CancellationToken cancellationToken = default);

    /// <summary>All silos, also those that left or were lost, by name, newest incarnation first.</summary>
    Task<IReadOnlyList<SiloRow>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks a silo for a number of slots (0 and up); null: its own choice again. False: no living silo of that name.
    /// </summary>
    Task<bool> RequestSlotsAsync(string name, int? slots, CancellationToken cancellationToken = default);

    /// <summary>Removes rows of silos that left or were lost more than this long ago; returns their number.</summary>
    Task<int> ForgetAsync(TimeSpan age, CancellationToken cancellationToken = default);
}

/// <summary>
/// The life of an incarnation: Active → Draining → Left, or from either of the first two → Lost. Left and Lost are
/// final.
/// </summary>
public enum SiloState
{
    /// <summary>Takes work. Entered by registering.</summary>
    Active = 0,

    /// <summary>Finishes or hands back what it has. Entered and kept by a heartbeat that says so.</summary>
    Draining = 1,

    /// <summary>Went in order. Entered by leaving.</summary>
    Left = 2,

    /// <summary>Its lease ran out, or its process is known dead.</summary>
    Lost = 3,
}

/// <summary>
/// A silo that enters. Its name is kept over restarts, and operators use it; the incarnation names this start of the
/// process and is never used again; the fingerprint is that of its numerics.
/// </summary>
public sealed record SiloRegistration(
    string Name, string Incarnation, string Host, string Version, int Slots, string Fingerprint)
{
    /// <summary>The sweeps that it trains for; null: all.</summary>
    public IReadOnlyList<string>? Serves { get; init; }

    /// <summary>
    /// How long it counts as alive after a heartbeat; null: it does not say, and no listing can tell that it is lost.
    /// </summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>The public data sets that it has; null: it does not say.</summary>
    public IReadOnlyList<string>? Data { get; init; }
}

/// <summary>What a silo says of itself with each heartbeat.</summary>
/// <param name="Incarnation">The incarnation.</param>
/// <param name="Slots">Number of slots now.</param>
/// <param name="Training">What each slot trains, as JSON, opaque to the store.</param>
/// <param name="ImagesPerSecond">Samples learned from in a second, all slots together.</param>
/// <param name="IsDraining">True: takes no more work.</param>
public sealed record SiloHeartbeat(
    string Incarnation, int Slots, string Training, double ImagesPerSecond, bool IsDraining = false);

/// <summary>The answer to a heartbeat.</summary>
/// <param name="IsAlive">False: declared lost (or unknown); the silo must drop its attempts and enter as a new
/// incarnation.</param>
/// <param name="RequestedSlots">The number of slots that an operator asked for; null: none.</param>
/// <param name="At">The store's clock.</param>
public readonly record struct HeartbeatAnswer(bool IsAlive, int? RequestedSlots, DateTimeOffset At);

/// <summary>
/// A silo as a listing shows it: what it said as it entered and with its last heartbeat, and the number of slots that
/// an operator asked for (null: none). Times are the store's clock.
/// </summary>
public sealed record SiloRow(
    string Name,
    string Incarnation,
    string Host,
    string Version,
    string Fingerprint,
    SiloState State,
    int Slots,
    int? RequestedSlots,
    string Training,
    double ImagesPerSecond,
    DateTimeOffset Started,
    DateTimeOffset LastSeen)
{
    /// <summary>The number of its process, where the store is a folder of this machine; otherwise null.</summary>
    public int? Process { get; init; }

    /// <summary>The sweeps that it trains for; null: all.</summary>
    public IReadOnlyList<string>? Serves { get; init; }

    /// <summary>How long it counts as alive after a heartbeat; null: an earlier version of the program.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>The public data sets that it had when it started; null: it does not say.</summary>
    public IReadOnlyList<string>? Data { get; init; }

    /// <summary>
    /// Its lease had run out when the row was read, and nobody has marked it yet, as where no silo is left. For people:
    /// what is taken from a silo is decided by <see cref="State"/> alone, since it may still be back first.
    /// </summary>
    public bool IsOverdue { get; init; }

    /// <summary>Whether it lives, as far as a reader can tell.</summary>
    public bool IsAlive => State is SiloState.Active or SiloState.Draining && !IsOverdue;

    /// <summary>Whether it lives, takes new work, and this sweep's.</summary>
    public bool Trains(string sweep) =>
        IsAlive && State == SiloState.Active && (Serves is null || Serves.Contains(sweep));
}
