namespace Sweeps.Storage;

internal sealed class FaultySilos(ISiloDirectory inner, FaultGate gate) : ISiloDirectory
{
    public Task RegisterAsync(SiloRegistration silo, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteSilo, () => inner.RegisterAsync(silo, cancellationToken));

    public Task<HeartbeatAnswer> HeartbeatAsync(
        SiloHeartbeat heartbeat, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.Heartbeat, () => inner.HeartbeatAsync(heartbeat, cancellationToken));

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteSilo, () => inner.LeaveAsync(incarnation, cancellationToken));

    public Task<IReadOnlyList<string>> ExpireAsync(TimeSpan lease, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteSilo, () => inner.ExpireAsync(lease, cancellationToken));

    public Task<IReadOnlyList<SiloRow>> ListAsync(CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ListSilos, () => inner.ListAsync(cancellationToken));

    public Task<bool> RequestSlotsAsync(string name, int? slots, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteSilo, () => inner.RequestSlotsAsync(name, slots, cancellationToken));

    public Task<int> ForgetAsync(TimeSpan age, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteSilo, () => inner.ForgetAsync(age, cancellationToken));
}
