namespace Sweeps.Storage;

internal sealed class FaultyMembership(IMembershipStore inner, FaultGate gate) : IMembershipStore
{
    public Task InitializeAsync(string cluster, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteMembership, () => inner.InitializeAsync(cluster, cancellationToken));

    public Task<MembershipTable> ReadAsync(string cluster, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadMembership, () => inner.ReadAsync(cluster, cancellationToken));

    public Task<MembershipTable> ReadRowAsync(
        string cluster, string silo, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadMembership, () => inner.ReadRowAsync(cluster, silo, cancellationToken));

    public Task<bool> InsertRowAsync(
        string cluster, MembershipEntry entry, long tableVersion, CancellationToken cancellationToken = default) =>
        gate.PassAsync(
            StoreCall.WriteMembership, () => inner.InsertRowAsync(cluster, entry, tableVersion, cancellationToken));

    public Task<bool> UpdateRowAsync(
        string cluster,
        MembershipEntry entry,
        long rowVersion,
        long tableVersion,
        CancellationToken cancellationToken = default) =>
        gate.PassAsync(
            StoreCall.WriteMembership,
            () => inner.UpdateRowAsync(cluster, entry, rowVersion, tableVersion, cancellationToken));

    public Task UpdateIAmAliveAsync(
        string cluster, string silo, DateTimeOffset iAmAlive, CancellationToken cancellationToken = default) =>
        gate.PassAsync(
            StoreCall.WriteMembership, () => inner.UpdateIAmAliveAsync(cluster, silo, iAmAlive, cancellationToken));

    public Task DeleteAsync(string cluster, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteMembership, () => inner.DeleteAsync(cluster, cancellationToken));

    public Task<int> CleanupAsync(
        string cluster, DateTimeOffset before, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteMembership, () => inner.CleanupAsync(cluster, before, cancellationToken));
}
