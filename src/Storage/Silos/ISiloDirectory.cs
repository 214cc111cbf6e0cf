namespace Sweeps.Storage;

/// <summary>
/// The silos and their leases. A silo lives under an incarnation (one per start of the process); a lease is judged on
/// the store's clock alone, and an incarnation once declared lost never comes back.
/// </summary>
public interface ISiloDirectory
{
    /// <summary>
    /// Enters a silo under a new incarnation. Others of the same name live on until their leases run out.
    /// </summary>
    /// <exception cref="Core.SweepsException">The incarnation is already known.</exception>
    Task RegisterAsync(SiloRegistration silo, CancellationToken cancellationToken = default);

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
    Task<IReadOnlyList<string>> ExpireAsync(TimeSpan lease, CancellationToken cancellationToken = default);

    /// <summary>All silos, also those that left or were lost, by name, newest incarnation first.</summary>
    Task<IReadOnlyList<SiloRow>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks a silo for a number of slots (0 and up); null: its own choice again. False: no living silo of that name.
    /// </summary>
    Task<bool> RequestSlotsAsync(string name, int? slots, CancellationToken cancellationToken = default);

    /// <summary>Removes rows of silos that left or were lost more than this long ago; returns their number.</summary>
    Task<int> ForgetAsync(TimeSpan age, CancellationToken cancellationToken = default);
}
